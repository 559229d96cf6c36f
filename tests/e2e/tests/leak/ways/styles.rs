//! Styles that scripts make.

use super::Way;

pub const WAYS: &[Way] = &[
    Way::script("style.backgroundImage", "put(make('p')).style.backgroundImage = `url(${url})`;"),
    Way::script("style.background", "put(make('p')).style.background = `url(${url})`;"),
    Way::script("style bracket", "put(make('p')).style['list-style-image'] = `url(${url})`;"),
    Way::script("style.cssText", "put(make('p')).style.cssText = `background: url(${url})`;"),
    Way::script("style =", "put(make('p')).style = `background: url(${url})`;"),
    Way::script("style.setProperty", "put(make('p')).style.setProperty('background-image', `url(${url})`);"),
    Way::script("style custom property", "const made = put(make('p')); made.style.setProperty('--x', `url(${url})`); made.style.backgroundImage = 'var(--x)';"),
    Way::script("setAttribute style", "put(make('p')).setAttribute('style', `background: url(${url})`);"),
    Way::script("attributeStyleMap", "put(make('p')).attributeStyleMap.set('background-image', `url(${url})`);"),
    Way::script("style element textContent", "const made = make('style'); made.textContent = `@import '${url}';`; put(made);"),
    Way::script("style element text node", "const made = make('style'); put(made).append(`#e-${id} { background: url(${url}) }`); const on = make('p'); on.id = `e-${id}`; put(on);"),
    Way::script("style element data", "const text = document.createTextNode(' '), made = make('style'); made.append(text); put(made); text.data = `@import '${url}';`;"),
    Way::script("insertRule", "const on = put(make('p')), made = put(make('style')); on.id = `r-${id}`; made.sheet.insertRule(`#r-${id} { background: url(${url}) }`);"),
    Way::script("insertRule import", "put(make('style')).sheet.insertRule(`@import '${url}';`);"),
    Way::script("insertRule font", "const on = put(make('p')), made = put(make('style')); on.textContent = 'x'; on.style.fontFamily = `'r-${id}'`;
        made.sheet.insertRule(`@font-face { font-family: 'r-${id}'; src: url(${url}) }`);"),
    Way::script("addRule", "const on = put(make('p')), made = put(make('style')); on.id = `a-${id}`; made.sheet.addRule(`#a-${id}`, `background: url(${url})`);"),
    Way::script("rule.style", "const on = put(make('p')), made = put(make('style')); on.id = `u-${id}`; made.textContent = `#u-${id} {}`;
        made.sheet.cssRules[0].style.backgroundImage = `url(${url})`;"),
    Way::script("replaceSync", "const on = put(make('p')), sheet = new CSSStyleSheet(); on.id = `y-${id}`; sheet.replaceSync(`#y-${id} { background: url(${url}) }`);
        document.adoptedStyleSheets.push(sheet);"),
    Way::script("replace", "const on = put(make('p')), sheet = new CSSStyleSheet(); on.id = `z-${id}`; document.adoptedStyleSheets.push(sheet);
        sheet.replace(`#z-${id} { background: url(${url}) }`);"),
    Way::script("Element.animate", "put(make('p')).animate([{ backgroundImage: `url(${url})` }, { backgroundImage: `url(${url})` }], { duration: 60000 });"),
    Way::script("KeyframeEffect", "const effect = new KeyframeEffect(put(make('p')), [{ backgroundImage: `url(${url})` }, { backgroundImage: `url(${url})` }], { duration: 60000 });
        new Animation(effect).play();"),
    Way::script("KeyframeEffect.setKeyframes", "const made = put(make('p')).animate([], { duration: 60000 }); made.effect.setKeyframes({ backgroundImage: [`url(${url})`, `url(${url})`] });"),
    Way::script("insertRule keyframes", "const on = put(make('p')), made = put(make('style')); on.style.animation = `k-${id} 60s`;
        made.sheet.insertRule(`@keyframes k-${id} { from { background-image: url(${url}) } to { background-image: url(${url}) } }`);"),
    Way::script("FontFace.load", "new FontFace(`g-${id}`, `url(${url})`).load().catch(() => {});"),
    Way::script("document.fonts.add", "const made = new FontFace(`h-${id}`, `url(${url})`), on = put(make('p')); document.fonts.add(made);
        on.textContent = 'x'; on.style.fontFamily = `'h-${id}'`;"),
    Way::script("link stylesheet of a blob", "const made = make('link'); made.rel = 'stylesheet'; made.href = blob(`@import '${url}';`, 'text/css'); put(made);"),
    Way::script("style unclosed url", "put(make('p')).style.backgroundImage = `url(${url}`;"),
    Way::script("style unclosed string", "put(make('p')).style.backgroundImage = `url(\"${url}`;"),
    Way::script("setAttribute style unclosed", "put(make('p')).setAttribute('style', `background-image: url(${url}`);"),
    Way::script("innerHTML style unclosed", "put(make('div')).innerHTML = `<p style='background-image: url(${url}'>x</p>`;"),
    Way::script("style escaped url", "put(make('p')).style.cssText = `background-image: u\\\\72l(${url})`;"),
    Way::script("innerHTML style escaped url", "put(make('div')).innerHTML = `<p style='background-image: u\\\\72l(${url})'>x</p>`;"),
    Way::script("style element bad string", "const on = put(make('p')), made = make('style'); on.id = `b-${id}`;
        made.textContent = `a { content: \"\\n} #b-${id} { background: url(\"${url}\") }`; put(made);"),
    Way::script("style element longer name", "const on = put(make('p')), made = make('style'); on.id = `n-${id}`;
        made.textContent = `#n-${id} { --x: foourl(a\"b)c\"); background: url(\"${url}\") }`; put(made);"),
    Way::script("style image-set", "put(make('p')).style.backgroundImage = `image-set('/a.gif' 9x, '\\\\5c\\\\5c ${url.slice(7)}' 1x)`;"),
    Way::script("style element import of a data: sheet", "const made = make('style');
        made.textContent = `@import url(\"data:text/css,${encodeURIComponent(`@import '${url}';`)}\");`; put(made);"),
    Way::script("CSS.registerProperty", "CSS.registerProperty({ name: `--r-${id}`, syntax: '<image>', inherits: false, initialValue: `url(${url})` });
        put(make('p')).style.backgroundImage = `var(--r-${id})`;"),
    Way::script("style element append of pieces", "const made = make('style'); made.append(`@import '${url.slice(0, 12)}`, `${url.slice(12)}';`); put(made);"),
    Way::script("style element two text nodes", "const made = put(make('style')), text = (data) => document.createTextNode(data);
        made.append(text(`@import '${url.slice(0, 12)}`), text(`${url.slice(12)}';`));"),
    Way::script("style element fragment", "const made = put(make('style')), box = document.createDocumentFragment();
        box.append(`@import '${url.slice(0, 12)}`, `${url.slice(12)}';`); made.append(box);"),
    Way::script("style element appendData", "const made = make('style'), text = document.createTextNode(`@import '${url.slice(0, 12)}`);
        made.append(text); put(made); text.appendData(`${url.slice(12)}';`);"),
    Way::script("style element deleteData", "const made = make('style'), text = document.createTextNode(`@import '${url.slice(0, 3)}-${url.slice(3)}';`);
        made.append(text); put(made); text.deleteData(12, 1);"),
    Way::script("style element insertAdjacentText", "put(make('style')).insertAdjacentText('beforeend', `@import '${url}';`);"),
    Way::script("style element append of an object", "put(make('style')).append({ toString: () => `@import '${url}';` });"),
    Way::script("style element append of a String", "put(make('style')).append(new String(`@import '${url}';`));"),
    Way::script("Element.animate with a Set", "put(make('p')).animate(new Set([{ backgroundImage: `url(${url})` }, { backgroundImage: 'none' }]), 60000);"),
    Way::script("Element.animate with an object", "put(make('p')).animate([{ backgroundImage: { toString: () => `url(${url})` } }, { backgroundImage: 'none' }], 60000);"),
    Way::script("FontFace of an object", "new FontFace(`o-${id}`, { toString: () => `url(${url})` }).load().catch(() => {});"),
    Way::script("set of a mask", "put(make('div')).innerHTML = `<svg><rect width='9' height='9'><set attributeName='mask' to='url(${url}#m)'/></rect></svg>`;"),
];
