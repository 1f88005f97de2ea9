// Lets the page open without a network: a service worker, which browsers take as JavaScript only.
//
// What the page and its worker have fetched from their own server is kept and given when the server cannot be reached. Weights
// from elsewhere are kept by the worker itself and never pass here.
"use strict";

const NAME = "cardinal-page-1";
// Trunk writes a hash of the content into these names: what has the same name is the same.
const HASHED = /-[0-9a-f]{8,}[^/]*\.(js|wasm|css)$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const ours = new URL(request.url).origin === self.location.origin;
  if (ours && request.method === "GET" && !request.headers.has("range")) {
    event.respondWith(answer(request));
  }
});

async function answer(request) {
  // A browser that keeps nothing for this page still shows it.
  const cache = await caches.open(NAME).catch(() => undefined);
  const kept = (key) => cache?.match(key).catch(() => undefined);
  // Whatever its query asks for, the page is one file. A picture opened in a tab of its own is not the page.
  const { pathname } = new URL(request.url);
  const home = new URL(self.registration.scope).pathname;
  const visit = request.mode === "navigate" && (pathname === home || pathname === `${home}index.html`);
  const key = visit ? self.registration.scope : request.url;
  const known = HASHED.test(key) ? await kept(key) : undefined;
  if (known) return known;
  try {
    const response = await fetch(request);
    if (response.ok && cache) {
      // A full disk is no reason to answer nothing.
      cache.put(key, response.clone()).catch(() => {});
      if (visit) forget(cache, await response.clone().text());
    }
    return response;
  } catch (error) {
    const last = await kept(key);
    if (last) return last;
    throw error;
  }
}

// Drops the files of earlier versions, which the page does not name any more.
async function forget(cache, page) {
  for (const { url } of await cache.keys()) {
    if (HASHED.test(url) && !page.includes(url.slice(url.lastIndexOf("/") + 1))) cache.delete(url);
  }
}
