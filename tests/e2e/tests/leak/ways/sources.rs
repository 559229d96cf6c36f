//! Every path by which a script gives an element its address.

use super::Way;

pub const WAYS: &[Way] = &[
    Way::script("script.src", "const made = make('script'); made.src = url; put(made);"),
    Way::script("script.src after insertion", "const made = make('script'); put(made); made.src = url;"),
    Way::script("script.src module", "const made = make('script'); made.type = 'module'; made.src = url; put(made);"),
    Way::script("script.text module import", "const made = make('script'); made.type = 'module'; made.text = `import '${url}';`; put(made);"),
    Way::script("script.text module import after a comment", "const made = make('script'); made.type = 'module'; made.text = `import/**/'${url}';`; put(made);"),
    Way::script("script.text module import escaped", "const made = make('script'); made.type = 'module'; made.text = `import '${url.replace('//', '\\\\x2f\\\\x2f')}';`; put(made);"),
    Way::script("script append module import in pieces", "const made = make('script'); made.type = 'module'; made.append(`import '${url.slice(0, 12)}`, `${url.slice(12)}';`); put(made);"),
    Way::script("script append module import of an object", "const made = make('script'); made.type = 'module'; put(made); made.append({ toString: () => `import '${url}';` });"),
    Way::script("script.src data: module", "const made = make('script'); made.type = 'module'; made.src = `data:text/javascript,import '${url}'`; put(made);"),
    Way::script("script.src blob: module", "const made = make('script'); made.type = 'module'; made.src = blob(`import '${url}'`, 'text/javascript'); put(made);"),
    Way::script("script.src trusted with another text", "const vouched = trustedTypes.createPolicy(`u-${id}`, { createScriptURL: (text) => text }).createScriptURL(url), made = make('script');
        Object.defineProperty(vouched, 'toString', { value: () => '/other.js' }); made.src = vouched; put(made);"),
    Way::script("script.text module import after insertion", "const made = make('script'); made.type = 'module'; put(made); made.text = `import '${url}';`;"),
    Way::script("script textContent module import after insertion", "const made = make('script'); made.type = 'module'; put(made); made.textContent = `import '${url}';`;"),
    Way::script("script text node module import after insertion", "const made = make('script'); made.type = 'module'; put(made); made.append(document.createTextNode(`import '${url}';`));"),
    Way::script("script.text inline", "const made = make('script'); made.text = `new Image().src = '${url}'`; put(made);"),
    Way::script("script svg setAttribute href", "const made = makeSvg('script'); made.setAttribute('href', url); put(makeSvg('svg')).append(made);"),
    Way::script("script svg href.baseVal", "const made = makeSvg('script'); made.href.baseVal = url; put(makeSvg('svg')).append(made);"),
    Way::script("script svg setAttributeNS xlink", "const made = makeSvg('script');
        made.setAttributeNS('http://www.w3.org/1999/xlink', 'xlink:href', url); put(makeSvg('svg')).append(made);"),
    Way::script("img.src", "make('img').src = url;"),
    Way::script("img.srcset", "const made = make('img'); made.srcset = `${url} 1x`; put(made);"),
    Way::script("new Image", "new Image().src = url;"),
    Way::script("img by Reflect.set", "Reflect.set(make('img'), 'src', url);"),
    Way::script("img by Object.assign", "Object.assign(make('img'), { src: url });"),
    Way::script("img by the setter of a descriptor", "Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'src').set.call(make('img'), url);"),
    Way::script("img.src of an object with toString", "make('img').src = { toString: () => url };"),
    Way::script("img.src of an object that changes its mind", "let asked = 0; make('img').src = { toString: () => asked++ || !location.x ? url : 'data:,' };"),
    Way::script("img.setAttribute", "make('img').setAttribute('src', url);"),
    Way::script("img.setAttribute upper-case", "make('img').setAttribute('SRC', url);"),
    Way::script("img.setAttributeNS", "make('img').setAttributeNS(null, 'src', url);"),
    Way::script("img.setAttributeNode", "const src = document.createAttribute('src'); src.value = url; make('img').setAttributeNode(src);"),
    Way::script("img.setAttributeNodeNS", "const src = document.createAttributeNS(null, 'src'); src.value = url; make('img').setAttributeNodeNS(src);"),
    Way::script("img.attributes.setNamedItem", "const src = document.createAttribute('src'); src.value = url; make('img').attributes.setNamedItem(src);"),
    Way::script("img.attributes.setNamedItemNS", "const src = document.createAttribute('src'); src.value = url; make('img').attributes.setNamedItemNS(src);"),
    Way::script("attribute node value", "const made = make('img'); made.setAttribute('src', 'data:,'); made.getAttributeNode('src').value = url;"),
    Way::script("attribute node nodeValue", "const made = make('img'); made.setAttribute('src', 'data:,'); made.attributes[0].nodeValue = url;"),
    Way::script("attribute node textContent", "const made = make('img'); made.setAttribute('src', 'data:,'); made.attributes.src.textContent = url;"),
    Way::script("attribute node moved", "const from = make('p'); from.setAttribute('src', url);
        make('img').setAttributeNode(from.removeAttributeNode(from.getAttributeNode('src')));"),
    Way::script("attribute node cloned", "const from = make('p'); from.setAttribute('src', url);
        make('img').setAttributeNode(from.getAttributeNode('src').cloneNode());"),
    Way::script("img.src before adoption", "const other = document.implementation.createHTMLDocument('');
        const made = other.createElement('img'); made.src = url; put(document.adoptNode(made));"),
    Way::script("picture source.srcset", "const picture = make('picture'), source = make('source');
        source.srcset = url; picture.append(source, make('img')); put(picture);"),
    Way::script("picture source.setAttribute", "const picture = make('picture'), source = make('source');
        picture.append(source, make('img')); put(picture); source.setAttribute('srcset', url);"),
    Way::script("iframe.src", "const made = make('iframe'); made.src = url; put(made);"),
    Way::script("iframe.src after insertion", "const made = make('iframe'); put(made); made.src = url;"),
    Way::script("iframe.setAttribute", "const made = make('iframe'); made.setAttribute('src', url); put(made);"),
    Way::script("iframe.srcdoc with an image", "const made = make('iframe'); made.srcdoc = `<img src='${url}'>`; put(made);"),
    Way::script("iframe.srcdoc with a script", "const made = make('iframe'); made.srcdoc = `<script src='${url}'></` + 'script>'; put(made);"),
    Way::script("iframe.setAttribute srcdoc", "const made = make('iframe'); made.setAttribute('srcdoc', `<img src='${url}'>`); put(made);"),
    Way::script("frame.src", "const set = make('frameset'), made = make('frame'); made.src = url; set.append(made); put(set);"),
    Way::script("object.data", "const made = make('object'); made.data = url; put(made);"),
    Way::script("object.setAttribute", "const made = make('object'); put(made); made.setAttribute('data', url);"),
    Way::script("embed.src", "const made = make('embed'); made.src = url; put(made);"),
    Way::script("embed.setAttribute", "const made = make('embed'); put(made); made.setAttribute('src', url);"),
    Way::script("video.src", "const made = make('video'); made.src = url; put(made);"),
    Way::script("video.setAttribute", "make('video').setAttribute('src', url);"),
    Way::script("video.poster", "const made = make('video'); made.poster = url; put(made);"),
    Way::script("video source.src", "const made = make('video'), source = make('source'); source.src = url; made.append(source); put(made);"),
    Way::script("audio.src", "make('audio').src = url;"),
    Way::script("new Audio", "new Audio(url);"),
    Way::script("track.src", "const made = make('video'), track = make('track'); made.crossOrigin = 'anonymous';
        track.default = true; track.src = url; made.append(track); put(made); track.track.mode = 'showing';"),
    Way::script("input.src", "const made = make('input'); made.type = 'image'; made.src = url; put(made);"),
    Way::script("input.type after src", "const made = make('input'); made.setAttribute('src', url); put(made); made.type = 'image';"),
    Way::script("body.background", "const made = document.createElement('table'); made.setAttribute('background', url); put(made);"),
    Way::script("link.href stylesheet", "const made = make('link'); made.rel = 'stylesheet'; made.href = url; put(made);"),
    Way::script("link.rel after href", "const made = make('link'); made.href = url; put(made); made.rel = 'stylesheet';"),
    Way::script("link.relList", "const made = make('link'); made.href = url; put(made); made.relList.add('stylesheet');"),
    Way::script("link.setAttribute", "const made = make('link'); made.setAttribute('rel', 'stylesheet'); made.setAttribute('href', url); put(made);"),
    Way::script("link preload", "const made = make('link'); made.rel = 'preload'; made.as = 'script'; made.href = url; put(made);"),
    Way::script("link preload imageSrcset", "const made = make('link'); made.rel = 'preload'; made.as = 'image'; made.imageSrcset = `${url} 1x`; put(made);"),
    Way::script("link modulepreload", "const made = make('link'); made.rel = 'modulepreload'; made.href = url; put(made);"),
    Way::script("link prefetch", "const made = make('link'); made.rel = 'prefetch'; made.href = url; put(made);"),
    Way::script("link preconnect", "const made = make('link'); made.rel = 'preconnect'; made.href = url; put(made);").connects(),
    Way::script("link icon", "const made = make('link'); made.rel = 'icon'; made.href = url; document.head.append(made);").alone(),
    Way::script("link manifest", "const made = make('link'); made.rel = 'manifest'; made.href = url; document.head.append(made);").alone(),
    Way::script("svg image.href.baseVal", "const svg = put(makeSvg('svg')), made = makeSvg('image'); made.href.baseVal = url; svg.append(made);"),
    Way::script("svg image.setAttribute", "const svg = put(makeSvg('svg')), made = makeSvg('image'); svg.append(made); made.setAttribute('href', url);"),
    Way::script("svg image.setAttributeNS xlink", "const svg = put(makeSvg('svg')), made = makeSvg('image'); svg.append(made);
        made.setAttributeNS('http://www.w3.org/1999/xlink', 'xlink:href', url);"),
    Way::script("svg feImage.href.baseVal", "const svg = put(makeSvg('svg')), filter = makeSvg('filter'), made = makeSvg('feImage'), rect = makeSvg('rect');
        filter.id = `f-${id}`; filter.append(made); rect.setAttribute('width', 9); rect.setAttribute('height', 9);
        rect.setAttribute('filter', `url(#f-${id})`); svg.append(filter, rect); made.href.baseVal = url;"),
    Way::script("svg set animates href", "const svg = put(makeSvg('svg')), made = makeSvg('image'), set = makeSvg('set');
        made.setAttribute('width', 9); made.setAttribute('height', 9);
        set.setAttribute('attributeName', 'href'); set.setAttribute('to', url); made.append(set); svg.append(made);"),
    Way::script("script by a customized built-in element", "class Made extends HTMLImageElement { load(to) { super.src = to; } }
        customElements.define(`x-${id}`, Made, { extends: 'img' }); new Made().load(url);"),
    Way::script("image after String.prototype.charCodeAt changed", "const { charCodeAt } = String.prototype;
        String.prototype.charCodeAt = () => 120; new Image().src = url; String.prototype.charCodeAt = charCodeAt;"),
    Way::script("meta refresh in a blank frame", "const inner = frame().contentDocument, meta = inner.createElement('meta');
        meta.httpEquiv = 'refresh'; meta.content = `0;url=${url}`; inner.head.append(meta);"),
];
