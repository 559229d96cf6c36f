//! Every path by which a script puts elements into the page that have their address already: from
//! text, from other documents, by each method that inserts.

use super::Way;

pub const WAYS: &[Way] = &[
    Way::script("append", "document.body.append(parsedScript(url));"),
    Way::script("appendChild", "document.body.appendChild(parsedScript(url));"),
    Way::script("prepend", "document.head.prepend(parsedScript(url));"),
    Way::script("before", "put(make('p')).before(parsedScript(url));"),
    Way::script("after", "put(make('p')).after(parsedScript(url));"),
    Way::script("insertBefore", "const first = put(make('p')); first.parentNode.insertBefore(parsedScript(url), first);"),
    Way::script("replaceChild", "const old = put(make('p')); old.parentNode.replaceChild(parsedScript(url), old);"),
    Way::script("replaceWith", "put(make('p')).replaceWith(parsedScript(url));"),
    Way::script("replaceChildren", "put(make('div')).replaceChildren(parsedScript(url));"),
    Way::script("insertAdjacentElement", "put(make('p')).insertAdjacentElement('afterend', parsedScript(url));"),
    Way::script("moveBefore", "const box = put(make('div')), made = make('script'); put(made); made.setAttribute('src', url); box.moveBefore(made, null);"),
    Way::script("Text.after", "const text = document.createTextNode(''); put(text); text.after(parsedScript(url));"),
    Way::script("Comment.replaceWith", "const note = document.createComment(''); put(note); note.replaceWith(parsedScript(url));"),
    Way::script("fragment", "const part = document.createDocumentFragment(); part.append(parsedScript(url)); put(part);"),
    Way::script("nested in an element", "const box = make('div'); box.append(parsedScript(url)); put(box);"),
    Way::script("Range.insertNode", "const range = document.createRange(); range.selectNodeContents(put(make('p'))); range.insertNode(parsedScript(url));"),
    Way::script("Range.surroundContents", "const range = document.createRange(), box = put(make('p')); box.textContent = ' ';
        range.selectNodeContents(box); const made = parsedScript(url); range.surroundContents(made);"),
    Way::script("Range.createContextualFragment", "put(document.createRange().createContextualFragment(`<script src='${url}'></` + 'script>'));"),
    Way::script("createContextualFragment image", "document.createRange().createContextualFragment(`<img src='${url}'>`);"),
    Way::script("clone of a script", "const made = make('script'); made.setAttribute('src', url); put(made.cloneNode());"),
    Way::script("clone of an image", "const box = make('template'); box.innerHTML = `<img src='${url}'>`; put(document.importNode(box.content, true));"),
    Way::script("deep clone of a template", "const box = make('template'); box.innerHTML = `<link rel=stylesheet href='${url}'>`; put(box.content.cloneNode(true));"),
    Way::script("importNode of a template", "const box = make('template'); box.innerHTML = `<iframe src='${url}'></iframe>`; put(document.importNode(box.content, true));"),
    Way::script("innerHTML image", "put(make('div')).innerHTML = `<img src='${url}'>`;"),
    Way::script("innerHTML image, detached", "make('div').innerHTML = `<img src='${url}'>`;"),
    Way::script("innerHTML image with onerror", "put(make('div')).innerHTML = `<img src='data:,' onerror=\"new Image().src = '${url}'\">`;"),
    Way::script("innerHTML iframe", "put(make('div')).innerHTML = `<iframe src='${url}'></iframe>`;"),
    Way::script("innerHTML srcdoc", "put(make('div')).innerHTML = `<iframe srcdoc=\"<img src='${url}'>\"></iframe>`;"),
    Way::script("innerHTML style", "put(make('div')).innerHTML = `<style>@import '${url}';</style>`;"),
    Way::script("innerHTML style attribute", "put(make('div')).innerHTML = `<p style='background: url(${url})'>x</p>`;"),
    Way::script("innerHTML link", "put(make('div')).innerHTML = `<link rel=stylesheet href='${url}'>`;"),
    Way::script("innerHTML video", "put(make('div')).innerHTML = `<video src='${url}'></video>`;"),
    Way::script("innerHTML object", "put(make('div')).innerHTML = `<object data='${url}'></object>`;"),
    Way::script("innerHTML svg image", "put(make('div')).innerHTML = `<svg><image href='${url}' width=9 height=9 /></svg>`;"),
    Way::script("innerHTML picture", "put(make('div')).innerHTML = `<picture><source srcset='${url}'><img></picture>`;"),
    Way::script("innerHTML of a template, then append", "const box = make('template'); box.innerHTML = `<img src='${url}'>`; put(box.content);"),
    Way::script("outerHTML", "put(make('div')).outerHTML = `<img src='${url}'>`;"),
    Way::script("insertAdjacentHTML", "document.body.insertAdjacentHTML('beforeend', `<img src='${url}'>`);"),
    Way::script("setHTMLUnsafe", "put(make('div')).setHTMLUnsafe(`<img src='${url}'>`);"),
    Way::script("setHTMLUnsafe with a shadow root", "put(make('div')).setHTMLUnsafe(`<p><template shadowrootmode=open><img src='${url}'></template></p>`);"),
    Way::script("setHTML", "put(make('div')).setHTML(`<img src='${url}'>`, { sanitizer: { elements: [{ name: 'img', attributes: ['src'] }] } });"),
    Way::script("appendHTML", "put(make('div')).appendHTMLUnsafe(`<img src='${url}'>`);"),
    Way::script("execCommand insertImage", "const box = put(make('div')); box.contentEditable = true; box.focus(); document.execCommand('insertImage', false, url);"),
    Way::script("execCommand insertHTML", "const box = put(make('div')); box.contentEditable = true; box.focus(); document.execCommand('insertHTML', false, `<img src='${url}'>`);"),
    Way::script("DOMParser, then adopted", "const other = new DOMParser().parseFromString(`<img src='${url}'>`, 'text/html'); put(document.adoptNode(other.images[0]));"),
    Way::script("DOMParser, then moved", "const other = new DOMParser().parseFromString(`<iframe src='${url}'></iframe>`, 'text/html'); put(other.body.firstChild);"),
    Way::script("DOMParser, then append", "document.body.append(parsedFrame(url));"),
    Way::script("DOMParser, then before", "put(make('p')).before('x', parsedFrame(url));"),
    Way::script("DOMParser, then insertBefore", "document.body.insertBefore(parsedFrame(url), null);"),
    Way::script("DOMParser, then replaceChild", "document.body.replaceChild(parsedFrame(url), put(make('p')));"),
    Way::script("DOMParser, then insertAdjacentElement", "document.body.insertAdjacentElement('beforeend', parsedFrame(url));"),
    Way::script("DOMParser, then Range.insertNode", "const range = document.createRange(); range.selectNodeContents(put(make('div'))); range.insertNode(parsedFrame(url));"),
    Way::script("DOMParser, then nested", "const box = make('div'); box.append(parsedFrame(url)); put(box);"),
    Way::script("DOMParser of XML", "const other = new DOMParser().parseFromString(`<iframe xmlns='http://www.w3.org/1999/xhtml' src='${url}'/>`, 'text/xml');
        put(document.importNode(other.documentElement, true));"),
    Way::script("Document.parseHTMLUnsafe", "put(Document.parseHTMLUnsafe(`<img src='${url}'>`).images[0]);"),
    Way::script("createHTMLDocument", "const other = document.implementation.createHTMLDocument(''); other.body.innerHTML = `<img src='${url}'>`; put(other.images[0]);"),
    Way::script("XSLTProcessor", "const sheet = new DOMParser().parseFromString(`<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>
        <xsl:template match='/'><img src='${url}'/></xsl:template></xsl:stylesheet>`, 'text/xml');
        const work = new XSLTProcessor(); work.importStylesheet(sheet); put(work.transformToFragment(sheet, document));"),
    Way::script("document.write image", "document.write(`<img src='${url}'>`);").alone(),
    Way::script("document.write script", "document.write(`<script src='${url}'></` + 'script>');").alone(),
    Way::script("document.writeln iframe", "document.writeln(`<iframe src='${url}'></iframe>`);").alone(),
    Way::script("document.write in parts", "document.write('<img sr'); document.write(`c='${url}'>`);").alone(),
    Way::script("document.write of style in parts", "const inner = frame().contentDocument; inner.open(); inner.write('<style>');
        inner.write(`body { background: url(${url}) }`); inner.write('</style>x'); inner.close();"),
    Way::script("document.write in parts, with > in quotes", "const inner = frame().contentDocument; inner.open(); inner.write('<img alt=\"a>b');
        inner.write(` c\" src=\"${url}\">`); inner.close();"),
    Way::script("document.write of a module", "const inner = frame().contentDocument; inner.open();
        inner.write(`<script type=module>import '${url}'</` + 'script>'); inner.close();"),
    Way::script("inert script of another tool, then moved", "const made = make('script'); made.type = 'text/plain'; const box = put(make('div'));
        box.append(made); made.setAttribute('src', url); made.removeAttribute('type'); box.appendChild(made);"),
    Way::script("shadow root of another document", "const box = document.implementation.createHTMLDocument('').createElement('div');
        box.attachShadow({ mode: 'open' }).innerHTML = `<img src='${url}'>`; put(box);"),
    Way::script("shadow root, imported", "const other = document.implementation.createHTMLDocument(''), box = other.createElement('div');
        box.attachShadow({ mode: 'open', clonable: true }).innerHTML = `<img src='${url}'>`; put(document.importNode(box, true));"),
    Way::script("shadow root in a template, imported", "const box = make('template');
        box.setHTMLUnsafe(`<div><template shadowrootmode=open shadowrootclonable><img src='${url}'></template></div>`); put(document.importNode(box.content, true));"),
    Way::script("document.write into a blank frame", "const inner = frame().contentDocument; inner.open(); inner.write(`<img src='${url}'>`); inner.close();"),
    Way::script("shadow root append", "put(make('div')).attachShadow({ mode: 'closed' }).append(parsedScript(url));"),
    Way::script("shadow root innerHTML", "put(make('div')).attachShadow({ mode: 'closed' }).innerHTML = `<img src='${url}'>`;"),
    Way::script("shadow root setHTMLUnsafe", "put(make('div')).attachShadow({ mode: 'open' }).setHTMLUnsafe(`<iframe src='${url}'></iframe>`);"),
    Way::script("shadow root adopted sheet", "const root = put(make('div')).attachShadow({ mode: 'open' }), sheet = new CSSStyleSheet();
        root.innerHTML = '<p>x</p>'; sheet.replaceSync(`p { background: url(${url}) }`); root.adoptedStyleSheets = [sheet];"),
    Way::script("custom element connectedCallback", "customElements.define(`x-${id}`, class extends HTMLElement {
        connectedCallback() { this.attachShadow({ mode: 'closed' }).innerHTML = `<img src='${url}'>`; } });
        put(make('div')).innerHTML = `<x-${id}></x-${id}>`;"),
    Way::script("table caption of another document", "put(make('table')).caption =
        new DOMParser().parseFromString(`<table><caption><img src='${url}'></caption></table>`, 'text/html').querySelector('caption');"),
    Way::script("table head of another document", "put(make('table')).tHead =
        new DOMParser().parseFromString(`<table><thead><tr><td><iframe src='${url}'></iframe></table>`, 'text/html').querySelector('thead');"),
    Way::script("table foot of another document", "put(make('table')).tFoot =
        new DOMParser().parseFromString(`<table><tfoot><tr><td><iframe src='${url}'></iframe></table>`, 'text/html').querySelector('tfoot');"),
    Way::script("innerHTML with an open entity", "make('div').innerHTML = `<img src='${url.replace('.', '&shy.')}'>`;"),
    Way::script("innerHTML trusted with another text", "const vouched = trustedTypes.createPolicy(`h-${id}`, { createHTML: (text) => text }).createHTML(`<img src='${url}'>`);
        Object.defineProperty(vouched, 'toString', { value: () => '<p>x' }); make('div').innerHTML = vouched;"),
    Way::script("speculation rules", "const made = make('script'); made.type = 'speculationrules';
        made.textContent = JSON.stringify({ prefetch: [{ source: 'list', urls: [url], eagerness: 'immediate' }] }); put(made);").alone(),
    Way::script("importmap, then import", "const made = make('script'); made.type = 'importmap';
        made.textContent = JSON.stringify({ imports: { [`m-${id}`]: url } }); put(made); import(`m-${id}`).catch(() => {});"),
    Way::script("event handler attribute", "const made = put(make('p')); made.setAttribute('onclick', `new Image().src = '${url}'`); made.click();"),
];
