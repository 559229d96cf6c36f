//! Frames: their navigation, what is borrowed from them, and what is sent into them.

use super::Way;

pub const WAYS: &[Way] = &[
    Way::script("frame location.href", "frame().contentWindow.location.href = url;"),
    Way::script("frame location", "frame().contentWindow.location = url;"),
    Way::script("frame location.assign", "frame().contentWindow.location.assign(url);"),
    Way::script("frame location.replace", "frame().contentWindow.location.replace(url);"),
    Way::script("frame document.location", "frame().contentDocument.location = url;"),
    Way::script("frame navigation.navigate", "const made = frame().contentWindow.navigation.navigate(url); made.committed.catch(() => {}); made.finished.catch(() => {});"),
    Way::script("frame location by itself", "frame().contentWindow.eval(`location.href = '${url}'`);"),
    Way::script("frame of a javascript: address", "const made = make('iframe'); made.src = `javascript:\"<img src='${url}'>\"`; put(made);"),
    Way::script("frame of a data: address", "const made = make('iframe'); made.src = `data:text/html,<img src='${url}'>`; put(made);"),
    Way::script("frame of a blob: address", "const made = make('iframe'); made.src = blob(`<img src='${url}'>`, 'text/html'); put(made);"),
    Way::script("frame of a redirect", "const made = make('iframe'); made.src = redirect; put(made);"),
    Way::script("window.open into a frame", "frame().name = `n-${id}`; frames[frames.length - 1].name = `n-${id}`; window.open(url, `n-${id}`);"),
    Way::script("a target", "frames[frame() && frames.length - 1].name = `n-${id}`; const made = put(make('a')); made.href = url; made.target = `n-${id}`; made.click();"),
    Way::script("a setAttribute href", "frames[frame() && frames.length - 1].name = `n-${id}`; const made = put(make('a'));
        made.setAttribute('href', url); made.setAttribute('target', `n-${id}`); made.dispatchEvent(new MouseEvent('click'));"),
    Way::script("a by host", "frames[frame() && frames.length - 1].name = `n-${id}`; const made = put(make('a'));
        made.href = path; made.host = `${host}:${port}`; made.target = `n-${id}`; made.click();"),
    Way::script("svg a target", "frames[frame() && frames.length - 1].name = `n-${id}`; const made = makeSvg('a'); put(makeSvg('svg')).append(made);
        made.setAttribute('href', url); made.setAttribute('target', `n-${id}`); made.dispatchEvent(new MouseEvent('click'));"),
    Way::script("form.submit into a frame", "frames[frame() && frames.length - 1].name = `n-${id}`; const made = put(make('form')); made.action = url; made.target = `n-${id}`; made.submit();"),
    Way::script("form.requestSubmit into a frame", "frames[frame() && frames.length - 1].name = `n-${id}`; const made = put(make('form')); made.setAttribute('action', url); made.target = `n-${id}`; made.method = 'post'; made.requestSubmit();"),
    Way::script("button formAction into a frame", "frames[frame() && frames.length - 1].name = `n-${id}`; const made = put(make('form')), button = make('button');
        made.append(button); button.formAction = url; button.formTarget = `n-${id}`; button.click();"),
    Way::script("fresh frame's fetch", "frame().contentWindow.fetch(url, { mode: 'no-cors' }).catch(() => {});"),
    Way::script("fresh frame's XMLHttpRequest", "const made = new (frame().contentWindow.XMLHttpRequest)(); made.open('GET', url); made.send();"),
    Way::script("fresh frame's sendBeacon", "frame().contentWindow.navigator.sendBeacon(url, 'x');"),
    Way::script("fresh frame's Image", "new (frame().contentWindow.Image)().src = url;"),
    Way::script("fresh frame's setter on an element of the page", "Object.getOwnPropertyDescriptor(frame().contentWindow.HTMLImageElement.prototype, 'src').set.call(make('img'), url);"),
    Way::script("fresh frame's setAttribute on an element of the page", "frame().contentWindow.Element.prototype.setAttribute.call(make('img'), 'src', url);"),
    Way::script("fresh frame's append in the page", "const made = make('script'); made.setAttribute('src', url);
        frame().contentWindow.Node.prototype.appendChild.call(document.body, made);"),
    Way::script("fresh frame's element in the page", "const made = frame().contentDocument.createElement('script'); made.src = url; put(made);"),
    Way::script("fresh frame's eval", "frame().contentWindow.eval(`fetch('${url}', { mode: 'no-cors' })`).catch(() => {});"),
    Way::script("fresh frame's Worker", "const { Worker, Blob, URL } = frame().contentWindow; new Worker(URL.createObjectURL(new Blob([`fetch('${url}', { mode: 'no-cors' })`])));"),
    Way::script("fresh frame's body.innerHTML", "frame().contentDocument.body.innerHTML = `<img src='${url}'>`;"),
    Way::script("fresh frame's script", "const inner = frame().contentDocument, made = inner.createElement('script');
        made.text = `fetch('${url}', { mode: 'no-cors' })`; inner.body.append(made);"),
    Way::script("fresh frame by innerHTML", "const box = put(make('div')); box.innerHTML = '<iframe></iframe>'; box.firstChild.contentWindow.fetch(url, { mode: 'no-cors' }).catch(() => {});"),
    Way::script("fresh frame by a fragment", "const part = document.createRange().createContextualFragment('<iframe></iframe>'), made = part.firstChild;
        put(part); made.contentWindow.fetch(url, { mode: 'no-cors' }).catch(() => {});"),
    Way::script("fresh frame in a shadow root", "const root = put(make('div')).attachShadow({ mode: 'closed' }); root.innerHTML = '<iframe></iframe>';
        root.firstChild.contentWindow.fetch(url, { mode: 'no-cors' }).catch(() => {});"),
    Way::script("fresh frame by window.frames", "frame(); frames[frames.length - 1].fetch(url, { mode: 'no-cors' }).catch(() => {});"),
    Way::script("fresh frame by object", "const made = make('object'); made.type = 'text/html'; made.data = 'about:blank'; put(made);
        (made.contentWindow ?? frames[frames.length - 1]).fetch(url, { mode: 'no-cors' }).catch(() => {});"),
    Way::script("fresh frame in a fresh frame", "const inner = frame().contentDocument, made = inner.createElement('iframe'); inner.body.append(made);
        made.contentWindow.fetch(url, { mode: 'no-cors' }).catch(() => {});"),
    Way::script("srcdoc frame's fetch", "const made = make('iframe'); made.srcdoc = '<p>x</p>'; put(made);
        made.onload = () => made.contentWindow.fetch(url, { mode: 'no-cors' }).catch(() => {});"),
    Way::script("older blank frame's fetch", "held.contentWindow.fetch(url, { mode: 'no-cors' }).catch(() => {});").before("return frame();"),
    Way::script("older blank frame's image", "held.contentDocument.body.innerHTML = `<img src='${url}'>`;").before("return frame();"),
    Way::script("older blank frame navigates", "held.contentWindow.location.href = url;").before("return frame();"),
    Way::script("srcdoc frame's own script fetches", "const made = make('iframe'); made.srcdoc = `<script>fetch('${url}', { mode: 'no-cors' })</` + 'script>'; put(made);"),
    Way::script("blob frame's own script fetches", "const made = make('iframe'); made.src = blob(`<script>fetch('${url}', { mode: 'no-cors' })</` + 'script>', 'text/html'); put(made);"),
    Way::script("own page's frame fetches", "const made = make('iframe'); made.src = `${own}frame.html?to=${encodeURIComponent(url)}`; put(made);"),
    Way::script("data frame with a tab", "const made = make('iframe'); made.src = `da\tta:text/html,<img src='${url}'>`; put(made);"),
    Way::script("data frame of XML", "const made = make('iframe'); made.src = `data:text/xml,<img xmlns='http://www.w3.org/1999/xhtml' src='${url}'/>`; put(made);"),
    Way::script("data frame's own script fetches", "const made = make('iframe'); made.src = `data:text/html,<script>fetch('${url}', { mode: 'no-cors' })</` + 'script>'; put(made);"),
    Way::script("sandboxed frame's own script fetches", "const made = make('iframe'); made.setAttribute('sandbox', 'allow-scripts');
        made.srcdoc = `<script>fetch('${url}', { mode: 'no-cors' })</` + 'script>'; put(made);"),
    Way::script("base target", "frames[frame() && frames.length - 1].name = `n-${id}`; const base = make('base'); base.target = `n-${id}`; document.head.append(base);
        const made = put(make('a')); made.href = url; made.click(); base.remove();"),
    Way::script("document.open into a frame", "frames[frame() && frames.length - 1].name = `n-${id}`; document.open(url, `n-${id}`, '');"),
    Way::script("link in a closed shadow root", "frames[frame() && frames.length - 1].name = `n-${id}`; const made = make('a'); made.href = url; made.target = `n-${id}`;
        put(make('div')).attachShadow({ mode: 'closed' }).append(made); made.click();"),
    Way::script("own page's frame's fetch", "const made = make('iframe'); made.src = `${own}empty.html`; put(made);
        made.onload = () => made.contentWindow.fetch(url, { mode: 'no-cors' }).catch(() => {});"),
    Way::script("blank popup's fetch", "const made = window.open(''); made.fetch(url, { mode: 'no-cors', keepalive: true }).catch(() => {}).then(() => made.close());"),
];
