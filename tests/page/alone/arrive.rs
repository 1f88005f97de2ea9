//! A large network comes at the speed of the line.

use super::hold;
use crate::hosts::hub::Hub;
use crate::menu::{ID, REPOSITORY, hub};
use crate::visit::{Page, Visit};

/// Milliseconds from the first byte of ResNeXt-50's weights, from a server on this machine, until the network can be used.
const READY: f64 = 800.0;

/// Sees in the worker when the first bytes of a large file come and when a network can be used, and how long is waited meanwhile for the
/// network, for the browser's cache and for its blobs.
const SEES_PARTS: &str = "
    const seen = self.seen = { network: 0, cache: 0, blobs: 0 };
    const timed = (owner, name, part) => {
        const does = owner.prototype[name];
        owner.prototype[name] = function (...args) {
            const begun = performance.now();
            const promise = does.apply(this, args);
            const end = (result) => {
                seen[part] += performance.now() - begun;
                if (result?.value?.length > 4096) seen.first ??= performance.now();
            };
            promise.then(end, end);
            return promise;
        };
    };
    timed(ReadableStreamDefaultReader, 'read', 'network');
    timed(Cache, 'put', 'cache');
    timed(Blob, 'arrayBuffer', 'blobs');
    const post = self.postMessage;
    self.postMessage = (...words) => {
        if (String(words[0]?.[0]).startsWith('{\"Loaded\"')) seen.ready ??= performance.now();
        return post.apply(self, words);
    };";

/// Prints what the browser by itself takes for the parts of it: reading the file, hashing it, writing it into the cache.
async fn print_floor(page: &Page, hub: &Hub) {
    let floor = "
        const [url] = arguments;
        return (async () => {
            const start = performance.now();
            const parts = [];
            const reader = (await fetch(url)).body.getReader();
            let first;
            for (;;) {
                const { value } = await reader.read();
                if (!value) break;
                first ??= performance.now();
                parts.push(value);
            }
            const read = performance.now();
            const blob = new Blob(parts);
            const whole = await blob.arrayBuffer();
            const copied = performance.now();
            await crypto.subtle.digest('SHA-256', whole);
            const hashed = performance.now();
            const cache = await caches.open('test');
            for (let at = 0; at < whole.byteLength; at += 4 << 20) {
                await cache.put(`part=${at}`, new Response(new Blob([whole.slice(at, at + (4 << 20))])));
            }
            const kept = performance.now();
            await caches.delete('test');
            return [read - first, copied - read, hashed - copied, kept - hashed];
        })()";
    let ms = page.script(floor, vec![hub.url(REPOSITORY).into()]).await;
    println!("the browser by itself, ms to read, copy, hash and keep it: {ms}");
}

#[test]
fn a_network_of_100_mb_is_ready_at_the_speed_of_the_line() {
    hold(|| {
        let hub = hub();
        let mut ready = 0.0;
        Visit::with_hub(&hub, "&backend=cpu").answers_only().alone().worker_script(SEES_PARTS).run(async |page| {
            page.answer_to("Kitten").await;
            page.wait_for(60, "html[data-offline=kept]").await;
            print_floor(page, &hub).await;
            page.in_worker("seen.network = seen.cache = seen.blobs = 0; delete seen.first; delete seen.ready", vec![])
                .await;
            page.take(ID).await;
            page.turned_to(ID).await;
            ready = page.number_in_worker("seen.ready - seen.first").await;
            for (part, what) in [
                ("network", "waiting for the network"),
                ("cache", "writing into the cache, added up over the chunks that are written at a time"),
                ("blobs", "reading back what has left the worker's memory"),
            ] {
                println!("{what}: {:.0} ms", page.number_in_worker(&format!("seen.{part}")).await);
            }
            page.logits("Kitten").await;
        });
        vec![("ResNeXt-50 on the CPU, from its first byte", ready, READY)]
    });
}
