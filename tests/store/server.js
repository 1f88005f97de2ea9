// A server in place of `fetch`. `server.behave({...})` sets the behaviour for the next requests; `server.log` lists the requests.
// Fields with one value per request (cut, end, status, html, offline, hold) are lists: the first request takes the first entry,
// and null or the end of the list means that nothing special happens.
//
// A test that fails does not restore what it replaced: the first server remembers it.
const real = (self.cardinalReal ??= {
  fetch: self.fetch, put: Cache.prototype.put, now: performance.now, caches: Object.getOwnPropertyDescriptor(self, "caches"),
});
const byte = (at, salt) => (Math.floor(at / 4096) * 7 + at * 31 + salt) & 255;

const plain = { bytes: 0, salt: 0, chunk: 65536, pause: 0, ranges: true, deaf: false, headers: {}, hide: [], shift: 0, stretch: 0,
                type: null, cut: [], end: [], status: [], html: [], offline: [], hold: [], quota: null };

const server = {
  ...plain,
  log: [],
  behave(how) { Object.assign(server, structuredClone(plain), how); server.log = []; },
  later(how) { Object.assign(server, how); },
  leap(ms) { performance.now = () => real.now.call(performance) + ms; },
  cacheless(yes) { Object.defineProperty(self, "caches", yes ? { value: undefined, configurable: true } : real.caches); },
  restore() {
    self.fetch = real.fetch;
    Cache.prototype.put = real.put;
    performance.now = real.now;
    server.cacheless(false);
  },
};

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

function filled(at, length) {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = byte(at + i, server.salt);
  return bytes;
}

function body(start, turn, signal) {
  let at = start;
  const total = server.bytes + server.stretch;
  const of = (list) => (list[turn] == null ? Infinity : list[turn]);
  const [cut, end, hold] = [of(server.cut), of(server.end), of(server.hold)];
  return new ReadableStream({
    start(stream) {
      signal.addEventListener("abort", () => { try { stream.error(signal.reason); } catch { /* it had ended */ } });
    },
    async pull(stream) {
      if (server.pause) await wait(server.pause);
      if (signal.aborted) return;
      const sent = at - start;
      if (sent >= hold) await new Promise(() => {});
      if (sent >= cut) return stream.error(new TypeError("network error"));
      const length = Math.min(server.chunk, total - at, cut - sent, end - sent, hold - sent);
      if (length > 0) stream.enqueue(filled(at, length));
      at += length;
      if (at >= total || at - start >= end) stream.close();
    },
  }, { highWaterMark: 0 });
}

server.restore();
self.fetch = async (url, init = {}) => {
  const headers = new Headers(init.headers);
  const turn = server.log.length;
  server.log.push({ url: String(url), range: headers.get("range"), condition: headers.get("if-range"), cache: init.cache });
  await wait(0);
  if (init.signal.aborted) throw init.signal.reason;
  if (server.offline[turn]) throw new TypeError("Failed to fetch");
  if (server.status[turn]) return new Response("no", { status: server.status[turn] });
  if (server.html[turn] != null) {
    return new Response("\n  <!DOCTYPE html><title>Sign in</title>" + " ".repeat(6e6), { headers: { "content-type": server.html[turn] } });
  }
  const tag = server.headers.etag ?? null;
  const condition = headers.get("if-range");
  const asked = /^bytes=(\d+)-$/.exec(headers.get("range") ?? "");
  const part = asked && server.ranges && (server.deaf || condition == null || condition === tag);
  const start = part ? Number(asked[1]) + server.shift : 0;
  if (part && start >= server.bytes) return new Response("", { status: 416 });
  const out = new Headers({ "content-length": server.bytes - start, "content-type": "application/octet-stream" });
  if (part) out.set("content-range", `bytes ${start}-${server.bytes - 1}/${server.bytes}`);
  for (const [name, value] of Object.entries(server.headers)) out.set(name, value);
  for (const name of server.hide) out.delete(name);
  const response = new Response(body(start, turn, init.signal), { status: part ? 206 : 200, headers: out });
  if (server.type) Object.defineProperty(response, "type", { value: server.type });
  return response;
};

Cache.prototype.put = async function (key, response) {
  if (server.quota != null && server.quota-- <= 0) throw new DOMException("the disk is full", "QuotaExceededError");
  return real.put.call(this, key, response);
};

return server;
