// Lets the page open offline: a service worker, which browsers accept as JavaScript only.
//
// It keeps what the page and its worker have fetched from their own server, and answers with it when the server cannot be reached.
// Weights from other hosts are kept by the worker itself and never pass here.
"use strict";

const NAME = "cardinal-page-1";
// These names have a hash of the content, so that equal names mean equal files.
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
  // Without a cache the page still works.
  const cache = await caches.open(NAME).catch(() => undefined);
  const kept = (key) => cache?.match(key).catch(() => undefined);
  // The page is one file, whatever its query. A picture opened in a tab of its own is not the page.
  const { pathname } = new URL(request.url);
  const home = new URL(self.registration.scope).pathname;
  const visit = request.mode === "navigate" && (pathname === home || pathname === `${home}index.html`);
  const key = visit ? self.registration.scope : request.url;
  const known = HASHED.test(key) ? await kept(key) : undefined;
  if (known) return known;
  try {
    const response = await fetch(request);
    if (response.ok && cache) {
      // A full disk must not keep the answer from the page.
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

// Deletes the files of earlier versions, which the page no longer names.
async function forget(cache, page) {
  for (const { url } of await cache.keys()) {
    if (HASHED.test(url) && !page.includes(url.slice(url.lastIndexOf("/") + 1))) cache.delete(url);
  }
}
