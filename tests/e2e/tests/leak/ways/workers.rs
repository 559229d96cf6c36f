//! Workers of every kind, and what they fetch and import.

use super::Way;

pub const WAYS: &[Way] = &[
    Way::script("blob worker fetches", "new Worker(blob(`fetch('${url}', { mode: 'no-cors' })`));"),
    Way::script("blob worker XMLHttpRequest", "new Worker(blob(`const made = new XMLHttpRequest(); made.open('GET', '${url}'); made.send()`));"),
    Way::script("blob worker importScripts", "new Worker(blob(`importScripts('${url}')`));"),
    Way::script("blob worker import()", "new Worker(blob(`import('${url}')`), { type: 'module' });"),
    Way::script("blob worker import() of a worked-out address", "new Worker(blob(`import(['${url}'].join(''))`), { type: 'module' });"),
    Way::script("blob worker static import", "new Worker(blob(`import '${url}'`), { type: 'module' });"),
    Way::script("blob worker WebSocket", "new Worker(blob(`new WebSocket('${url.replace('http', 'ws')}')`));"),
    Way::script("blob worker Cache.add", "new Worker(blob(`caches.open('${id}').then(cache => cache.add('${url}'))`));"),
    Way::script("blob worker FontFace", "new Worker(blob(`new FontFace('x', 'url(${url})').load()`));"),
    Way::script("blob worker deletes fetch", "new Worker(blob(`delete self.fetch; fetch('${url}', { mode: 'no-cors' })`));"),
    Way::script("blob worker fetch of the prototype", "new Worker(blob(`WorkerGlobalScope.prototype.fetch.call(self, '${url}', { mode: 'no-cors' })`));"),
    Way::script("data worker in a blob worker", "new Worker(blob(`new Worker('data:text/javascript,' + encodeURIComponent(\"fetch('${url}', { mode: 'no-cors' })\"))`));"),
    Way::script("blob worker EventSource", "new Worker(blob(`new EventSource('${url}')`));"),
    Way::script("blob worker in a blob worker", "new Worker(blob(`new Worker(URL.createObjectURL(new Blob([\"fetch('${url}', { mode: 'no-cors' })\"])))`));"),
    Way::script("data worker fetches", "new Worker(`data:text/javascript,fetch('${url}', { mode: 'no-cors' })`);"),
    Way::script("blob shared worker fetches", "new SharedWorker(blob(`fetch('${url}', { mode: 'no-cors' })`), id);"),
    Way::script("data shared worker fetches", "new SharedWorker(`data:text/javascript,fetch('${url}', { mode: 'no-cors' })`, id);"),
    Way::script("own worker fetches", "new Worker(`${own}fetch.js?to=${encodeURIComponent(url)}`);"),
    Way::script("own worker importScripts", "new Worker(`${own}import.js?to=${encodeURIComponent(url)}`);"),
    Way::script("own worker, told by a message", "new Worker(`${own}told.js`).postMessage(url);"),
    Way::script("own module worker imports", "new Worker(`${own}module.js?to=${encodeURIComponent(url)}`, { type: 'module' });"),
    Way::script("own shared worker fetches", "new SharedWorker(`${own}fetch.js?to=${encodeURIComponent(url)}`);"),
    Way::script("own service worker fetches", "navigator.serviceWorker.register(`${own}fetch.js?to=${encodeURIComponent(url)}`, { scope: `${own}scope/${id}` });"),
    Way::script("own service worker importScripts", "navigator.serviceWorker.register(`${own}import.js?to=${encodeURIComponent(url)}`, { scope: `${own}scope/${id}` });"),
    Way::script("older blob worker fetches", "held.postMessage(url);")
        .before("const made = new Worker(blob(`onmessage = event => fetch(event.data, { mode: 'no-cors' }); postMessage('ready')`));
            return new Promise(done => { made.onmessage = () => done(made); });"),
    Way::script("older own worker fetches", "held.postMessage(url);")
        .before("const made = new Worker(`${own}told.js?${id}`); return new Promise(done => { made.onmessage = () => done(made); });"),
    Way::script("audio worklet", "const made = new OfflineAudioContext(1, 1, 8000); made.audioWorklet.addModule(url).catch(() => {});"),
    Way::script("audio worklet imports", "const made = new OfflineAudioContext(1, 1, 8000); made.audioWorklet.addModule(blob(`import '${url}'`)).catch(() => {});"),
    Way::script("paint worklet", "CSS.paintWorklet.addModule(url).catch(() => {});"),
];
