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
];
