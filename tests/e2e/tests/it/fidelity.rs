//! Wrapped functions against the browser's own of a page without nosale, property by property; and
//! what a page can find out, or get hold of, by changing what the language brings.

use e2e::{Gpc, Markup, PARTNER, TRACKER, World};
use serde_json::json;

/// Writes down every function of every interface: what it is called, what it has, what it throws.
const LOOK: &str = r"(() => {
    const rows = {};
    const text = Function.prototype.toString;
    // Whose text is in that message is the engine's matter.
    const caught = call => {
      try { call()?.catch?.(() => {}); return 'nothing' }
      catch (error) {
        return [error.name, error.message.replace(/^[^]* is not a constructor/, 'no constructor'), error instanceof TypeError];
      }
    };
    const calls = /^(?:Node|Element|HTML|SVG|Attr|CSS|Range|CharacterData|Document|Storage|Cookie|XML|Cache|Form|Event|Navigat|Worklet|Service|Keyframe|XSL|Style|Function|URL)/;
    const describe = (owner, key, path) => {
      const found = Object.getOwnPropertyDescriptor(owner, key);
      const row = { flags: [found.writable, found.enumerable, found.configurable] };
      for (const part of ['value', 'get', 'set']) {
        const call = found[part];
        if (typeof call !== 'function') continue;
        row[part] = [
          call.name, call.length, text.call(call), String(call),
          Reflect.ownKeys(call).map(key => [String(key), { ...Object.getOwnPropertyDescriptor(call, key), value: 0 }]),
          Object.getPrototypeOf(call) === Function.prototype, typeof call.prototype, Object.isExtensible(call),
        ];
        const makes = part === 'value' && call.prototype !== undefined;
        row[part].push(makes ? [caught(() => call()), caught(() => { Reflect.construct(call, []) })] : caught(() => new call()));
        if (!makes && calls.test(path)) row[part].push([{}, undefined, null, 1].map(self => caught(() => call.call(self, 'x', 'y'))));
      }
      rows[`${path}.${String(key)}`] = row;
    };
    for (const key of ['fetch', 'fetchLater', 'open']) describe(window, key, 'window');
    for (const name of Object.getOwnPropertyNames(window)) {
      const value = Object.getOwnPropertyDescriptor(window, name).value;
      const language = typeof value !== 'function' || value === Function || text.call(value) !== `function ${name}() { [native code] }`;
      if (language && value !== Function) continue;
      describe(window, name, 'window');
      const prototype = value.prototype;
      if (!prototype || typeof prototype !== 'object' && value !== Function) continue;
      for (const key of Reflect.ownKeys(prototype)) describe(prototype, key, name);
    }
    return rows;
})()";

#[tokio::test(flavor = "multi_thread")]
async fn every_function_is_as_on_a_page_without_nosale() {
    let world = World::new(Gpc::On).await;
    world.visit("/plain", &Markup::new().tag("")).await;
    world
        .browser
        .exec(format!("window.name = JSON.stringify({LOOK})"))
        .await;
    world.visit("/", &world.markup()).await;
    let told = world
        .browser
        .js(format!(
            r"(() => {{
                const before = JSON.parse(window.name), now = {LOOK};
                const differs = key => JSON.stringify(before[key]) !== JSON.stringify(now[key]);
                // The browser has these on each declaration alone, where no script can wrap them.
                const added = key => !(key in before) && /^CSSStyleDeclaration\.[-\w]+$/.test(key);
                const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
                return {{
                    wrong: keys.filter(key => differs(key) && !added(key)).map(key => [key, before[key], now[key]]),
                    many: keys.length > 3000,
                    added: keys.filter(added).length < 80,
                }};
            }})()"
        ))
        .await;
    assert_eq!(told, json!({ "wrong": [], "many": true, "added": true }));
}

#[tokio::test(flavor = "multi_thread")]
async fn style_properties_are_what_they_were() {
    let world = World::new(Gpc::On).await;
    let look = r"(() => {
        const element = document.body.appendChild(document.createElement('p'));
        const { style } = element;
        style.backgroundImage = 'url(/own.svg)';
        style.webkitMaskImage = 'none';
        style['list-style-image'] = null;
        style.cursor = 'bogus!';
        style.filter = { toString: () => 'none' };
        let names = '';
        for (const name in style) names += name + ' ';
        return {
            text: element.getAttribute('style'), image: style.backgroundImage, mask: style.webkitMaskImage,
            has: ['backgroundImage' in style, typeof style.backgroundImage, style.cursor],
            computed: getComputedStyle(element).filter,
            names: names.split(' ').filter(name => name === 'backgroundImage').length,
            prototype: CSSStyleDeclaration.prototype.backgroundImage,
        };
    })()";
    world.visit("/plain", &Markup::new().tag("")).await;
    let mut before = world.browser.js(look).await;
    world.visit("/", &world.markup()).await;
    let mut now = world.browser.js(look).await;
    // Not on the prototype before: undefined either way.
    for seen in [&mut before, &mut now] {
        assert_eq!(seen["prototype"], json!(null));
    }
    assert_eq!(now, before);
}

/// Changes everything that scripts share, and remembers each function that passes by.
const SPY: &str = r"<script>
    window.seen = new Set();
    {
      const add = Set.prototype.add, apply = Reflect.apply;
      const spy = (owner, key) => {
        const found = Object.getOwnPropertyDescriptor(owner, key);
        if (typeof found?.value !== 'function' || !found.configurable) return;
        const original = found.value;
        Object.defineProperty(owner, key, { ...found, value: function (...values) {
          apply(add, seen, [this]);
          for (let place = 0; place < values.length; place++) apply(add, seen, [values[place]]);
          return apply(original, this, values);
        } });
      };
      window.spyAll = () => {
        const { prototype } = Function;
        const owners = [RegExp, String, Map, WeakMap, Array, Promise, URL, Blob].map(owner => [owner, Reflect.ownKeys(owner.prototype)]);
        for (const [owner, keys] of owners) for (const key of keys) if (!/^constructor$|^values$|^includes$|Symbol/.test(String(key))) spy(owner.prototype, key);
        for (const key of ['resolve', 'reject']) spy(Promise, key);
        for (const key of ['get', 'set', 'value', 'enumerable', 'apply', 'construct', '0', '1', '2'])
          Object.defineProperty(Object.prototype, key, {
            __proto__: null, configurable: true,
            get() { apply(add, seen, [this]); return undefined },
            set(value) { apply(add, seen, [value]); Object.defineProperty(this, key, { __proto__: null, value, writable: true, configurable: true, enumerable: true }) },
          });
        for (const key of ['call', 'apply', 'bind']) {
          const original = prototype[key];
          prototype[key] = function (...values) { apply(add, seen, [this]); return apply(original, this, values) };
        }
        for (const key of ['apply', 'construct', 'get', 'defineProperty', 'getOwnPropertyDescriptor']) {
          const original = Reflect[key];
          Reflect[key] = (...values) => {
            for (let place = 0; place < values.length; place++) apply(add, seen, [values[place]]);
            return apply(original, Reflect, values);
          };
        }
      };
    }
</script>";

#[tokio::test(flavor = "multi_thread")]
async fn no_page_gets_an_original_back() {
    let world = World::new(Gpc::On).await;
    let tag = format!("{}{SPY}", super::natural::REMEMBER);
    world.visit("/", &world.markup().tag(&tag)).await;
    let told = world
        .browser
        .js(r#"(async () => {
            const originals = new Map(), has = Set.prototype.has.bind(seen);
            for (const { path, part, before } of changed()) originals.set(before[part], path);
            const port = location.port;
            const hosts = ["tracker.localhost", "partner.localhost"].map(host => `http://${host}:${port}`);
            const list = [...originals];
            spyAll();
            for (const host of hosts) {
              const box = document.body.appendChild(document.createElement("div"));
              fetch(host + "/a", { mode: "no-cors" }).catch(() => {});
              new Image().src = host + "/b";
              box.setAttribute("style", `background: url(${host}/c)`);
              box.innerHTML = `<img src="${host}/d">`;
              const request = new XMLHttpRequest();
              request.open("GET", host + "/e");
              request.send();
              const style = document.createElement("style");
              style.textContent = `@import "${host}/f";`;
              box.append(style);
              new Worker(URL.createObjectURL(new Blob([`fetch("${host}/g", { mode: "no-cors" })`])));
              navigator.sendBeacon(host + "/h", "x");
              new Audio(host + "/i");
              const frame = document.createElement("iframe");
              box.append(frame);
              frame.contentWindow.fetch(host + "/j", { mode: "no-cors" }).catch(() => {});
              box.cloneNode(true);
              const part = document.createRange().createContextualFragment(`<script src="${host}/k"></` + "script>");
              box.append(part);
            }
            for (const key of ["get", "set", "value", "enumerable", "apply", "construct", "0", "1", "2"]) delete Object.prototype[key];
            const got = [];
            for (const [original, path] of list) if (has(original)) got[got.length] = path;
            return { got, seen: seen.size > 10 };
        })()"#)
        .await;
    assert_eq!(told, json!({ "got": [], "seen": true }));
    for path in [
        "/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h", "/i", "/j", "/k",
    ] {
        world.reached(PARTNER, path).await;
    }
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_argument_that_changes_its_mind_is_asked_once() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    let told = world
        .browser
        .js(r#"(() => {
            const urls = host => `http://${host}.localhost:${location.port}/x`;
            const wrong = [];
            const uses = {
              fetch: value => fetch(value).catch(() => {}),
              request: value => new XMLHttpRequest().open("GET", value),
              image: value => { new Image().src = value },
              frame: value => { document.body.appendChild(document.createElement("iframe")).src = value },
              attribute: value => document.createElement("img").setAttribute("src", value),
              name: value => document.createElement("img").setAttribute({ toString: () => "src" }, value),
              beacon: value => navigator.sendBeacon(value),
              events: value => new EventSource(value).close(),
              worker: value => { try { new Worker(value) } catch {} },
              audio: value => new Audio(value),
              markup: value => { document.createElement("p").innerHTML = { toString: () => `<img src="${value}">` } },
              style: value => { document.body.style.backgroundImage = { toString: () => `url(${value})` } },
              open: value => { open(value, "none-of-them")?.close() },
              cache: value => caches.open("x").then(cache => cache.addAll(new Set([value]))).catch(() => {}),
            };
            for (const name in uses) {
              let asked = 0;
              uses[name]({ toString: () => (asked++ ? urls("tracker") : urls("partner")) });
              if (asked > 1) wrong.push(`${name}: ${asked}`);
            }
            return wrong;
        })()"#)
        .await;
    assert_eq!(told, json!([]));
    world.nothing_reached(TRACKER).await;
}
