// The wrappers of one realm: of the page, or of a frame whose functions the page can borrow.

import { denied, isUp } from './ask.js';
import { isFrame, leads } from './frames.js';
import { admitted, strip, stripOne, stripTree } from './markup.js';
import { requests } from './requests.js';
import {
  addEventListener,
  adoptNode,
  after,
  apart,
  append,
  apply,
  attributeName,
  attributeValue,
  before,
  composedPath,
  createElement,
  documentOf,
  edit,
  elementOf,
  eventType,
  exec,
  frameOf,
  framesOf,
  importNode,
  isConnectedOf,
  isTrusted,
  matches,
  nodeTypeOf,
  note,
  noted,
  ownerOf,
  parentOf,
  prepend,
  preventDefault,
  querySelectorAll,
  read,
  replaceChildren,
  replaceWith,
  selectInFragment,
  setMarkup,
  settled,
  setValue,
  slice,
  toLowerCase,
  viewOf,
} from './saved.js';
import { inStyle, ofStyle, styles } from './sheets.js';
import { stores } from './stores.js';
import { LOADING, isSource } from './table.js';
import { getter, method, setter, texts } from './veil.js';
import { fragment, write, written } from './written.js';

/** Properties that say an attribute, and the elements that have them. @type {[string, string][]} */
const PROPERTIES = [
  ['src', 'Script IFrame Frame Image Source Media Track Embed Input'],
  ['srcset', 'Image Source'],
  ['href', 'Link'],
  ['imageSrcset', 'Link'],
  ['poster', 'Video'],
  ['data', 'Object'],
  ['background', 'Body'],
  ['srcdoc', 'IFrame'],
  ['ping', 'Anchor Area'],
  ['content', 'Meta'],
  ['attributionSrc', 'Anchor Area Image Script'],
];

/** Methods that insert what they are given, and into what. @type {[string, string, boolean][]} */
const INSERTING = [
  ['Node', 'appendChild insertBefore replaceChild', true],
  ['Element', 'append prepend replaceChildren moveBefore', true],
  ['Element', 'before after replaceWith insertAdjacentElement', false],
  ['CharacterData', 'before after replaceWith', false],
  ['Range', 'insertNode surroundContents', false],
  ['DocumentFragment', 'append prepend replaceChildren', true],
  ['Document', 'append prepend replaceChildren', true],
];

/** Realms that have their wrappers, by what no navigation leaves. @type {WeakMap<object, boolean>} */
const wrapped = new WeakMap();
/** @type {WeakMap<object, any>} */
const owners = new WeakMap();

/**
 * Wraps a realm that a page has got hold of, once.
 * @param {any} realm
 */
export function adopt(realm) {
  try {
    const mark = realm?.Element.prototype;
    if (!mark || noted(wrapped, mark)) return;
    note(wrapped, mark, true);
  } catch {
    return; // Of another origin.
  }
  wrap(realm);
}

/** @param {any} realm */
function wrap(realm) {
  let frames = 0;
  /** Wraps what has become reachable. */
  const reach = () => {
    const length = apply(framesOf, realm, []);
    if (length === frames) return;
    frames = length;
    if (isUp()) for (let place = 0; place < length; place++) adopt(realm[place]);
  };
  /**
   * @template Result
   * @param {Result} result
   */
  const reached = (result) => {
    reach();
    return result;
  };
  const prototype = (/** @type {string} */ name) => realm[name]?.prototype;

  texts(realm);

  // Attributes.
  for (let place = 0; place < PROPERTIES.length; place++) {
    const [name, interfaces] = /** @type {[string, string]} */ (PROPERTIES[place]);
    const attribute = apply(toLowerCase, name, []);
    each(interfaces, (part) =>
      setter(prototype(`HTML${part}Element`), name, (original, self, values) => {
        const value = admitted(self, attribute, settled(values[0]));
        if (value !== null) apply(original, self, [value]);
      }),
    );
  }
  method(prototype('Element'), 'setAttribute', (original, self, values) => {
    if (!isUp() || values.length < 2) return apply(original, self, values);
    const name = `${values[0]}`;
    const lower = apply(toLowerCase, name, []);
    const value = isSource(lower) ? admitted(self, lower, settled(values[1])) : values[1];
    if (value !== null || values[1] === null) apply(original, self, [name, value]);
  });
  method(prototype('Element'), 'setAttributeNS', (original, self, values) => {
    if (!isUp() || values.length < 3) return apply(original, self, values);
    const name = `${values[1]}`;
    const value = isSource(name) ? admitted(self, name, settled(values[2])) : values[2];
    if (value !== null || values[2] === null) apply(original, self, [values[0], name, value]);
  });
  /**
   * @param {Function} original
   * @param {any} self
   * @param {any[]} values
   * @param {unknown} element
   */
  const setNode = (original, self, values, element) => {
    const name = element && read(attributeName, values[0]);
    if (!name) return apply(original, self, values);
    const value = read(attributeValue, values[0]);
    const other = admitted(element, name, value);
    if (other === null) return null;
    if (other !== value) apply(setValue, values[0], [other]);
    return apply(original, self, values);
  };
  each('setAttributeNode setAttributeNodeNS', (name) =>
    method(prototype('Element'), name, (original, self, values) => setNode(original, self, values, self)),
  );
  getter(prototype('Element'), 'attributes', (original, self) => {
    const map = apply(original, self, []);
    note(owners, map, self);
    return map;
  });
  each('setNamedItem setNamedItemNS', (name) =>
    method(prototype('NamedNodeMap'), name, (original, self, values) =>
      setNode(original, self, values, noted(owners, self)),
    ),
  );
  /** @type {import('./veil.js').Instead} */
  const setContent = (original, self, values) => {
    const type = isUp() && read(nodeTypeOf, self);
    if (type !== 2) return apply(original, self, [ofStyle(self, type, values[0])]);
    const owner = apply(ownerOf, self, []);
    const value = owner ? admitted(owner, apply(attributeName, self, []), settled(values[0])) : values[0];
    if (value !== null) apply(original, self, [value]);
  };
  setter(prototype('Attr'), 'value', setContent);
  each('nodeValue textContent', (name) => setter(prototype('Node'), name, setContent));

  // Insertion.
  for (let place = 0; place < INSERTING.length; place++) {
    const [name, methods, inside] = /** @type {[string, string, boolean]} */ (INSERTING[place]);
    each(methods, (part) =>
      method(prototype(name), part, (original, self, values) => {
        if (isUp()) {
          for (let at = 0; at < values.length; at++) {
            const given = values[at];
            if (typeof given === 'string') values[at] = inStyle(inside ? self : read(parentOf, self), given);
            else if (given) strip(given, self, inside);
          }
        }
        return reached(apply(original, self, values));
      }),
    );
  }
  setter(prototype('Document'), 'body', (original, self, values) => {
    strip(values[0]);
    return reached(apply(original, self, values));
  });
  method(prototype('Document'), 'adoptNode', (original, self, values) => {
    strip(values[0]);
    return apply(original, self, values);
  });
  method(prototype('Document'), 'importNode', (original, self, values) =>
    copied(() => apply(original, self, values), values[0], self, values[1] === true || values[1]?.selfOnly === false),
  );
  method(prototype('Node'), 'cloneNode', (original, self, values) =>
    copied(() => apply(original, self, values), self, read(documentOf, self), !!values[0]),
  );

  // Markup.
  each('Element ShadowRoot', (name) => {
    setter(prototype(name), 'innerHTML', (original, self, values) => {
      const markup = inStyle(self, values[0] === null ? '' : settled(values[0]));
      const call = (/** @type {any} */ box) => apply(original, box, [markup]);
      reached(write(() => call(self), markup, self, call, (nodes) => fill(self, nodes)));
    });
    each('setHTMLUnsafe setHTML', (part) =>
      method(prototype(name), part, (original, self, values) => {
        if (!values.length) return apply(original, self, values);
        const call = (/** @type {any} */ box) => apply(original, box, [markup, values[1]]);
        const markup = settled(values[0]);
        reached(write(() => call(self), markup, self, call, (nodes) => fill(self, nodes)));
      }),
    );
  });
  setter(prototype('Element'), 'outerHTML', (original, self, values) => {
    const markup = values[0] === null ? '' : settled(values[0]);
    reached(
      write(
        () => apply(original, self, [markup]),
        markup,
        elementFor(read(parentOf, self)),
        (box) => apply(setMarkup, box, [markup]),
        (nodes) => apply(replaceWith, self, [nodes]),
      ),
    );
  });
  method(prototype('Element'), 'insertAdjacentHTML', (original, self, values) => {
    if (values.length < 2) return apply(original, self, values);
    const place = apply(toLowerCase, `${values[0]}`, []);
    const markup = settled(values[1]);
    const put = PLACES[place];
    const outside = place === 'beforebegin' || place === 'afterend';
    reached(
      write(
        () => apply(original, self, [place, markup]),
        markup,
        put && (outside ? elementFor(read(parentOf, self)) : self),
        (box) => apply(setMarkup, box, [markup]),
        (nodes) => apply(/** @type {Function} */ (put), self, [nodes]),
      ),
    );
  });
  method(realm.Document, 'parseHTMLUnsafe', (original, self, values) => {
    const made = apply(original, self, values);
    // Into shadow roots, which are not looked through when they are inserted.
    if (isUp()) stripTree(read(elementOf, made), LOADING, true);
    return made;
  });
  method(prototype('Range'), 'createContextualFragment', (original, self, values) => reached(fragment(original, self, values)));
  each('write writeln', (name) =>
    method(prototype('Document'), name, (original, self, values) => {
      if (!isUp() || !values.length) return apply(original, self, values);
      // What a policy has vouched for stays in its pieces.
      if (isTrusted(values[0])) {
        for (let at = 0; at < values.length; at++) if (written(values[at]) !== values[at]) return undefined;
        return reached(apply(original, self, values));
      }
      let markup = settled(values[0]);
      for (let at = 1; at < values.length; at++) markup = `${markup}${values[at]}`;
      reached(apply(original, self, [streamed(self, markup)]));
    }),
  );
  method(prototype('Document'), 'close', (original, self, values) => {
    if (isUp()) note(started, self, '');
    return apply(original, self, values);
  });
  method(prototype('XSLTProcessor'), 'transformToFragment', (original, self, values) => {
    if (!isUp() || values.length < 2 || !read(viewOf, values[1])) return apply(original, self, values);
    const made = apply(original, self, [values[0], apart]);
    if (made) stripTree(made, LOADING);
    return made && apply(adoptNode, values[1], [made]);
  });
  method(prototype('Document'), 'execCommand', (original, self, values) => {
    const command = apply(toLowerCase, `${values[0]}`, []);
    const markup = values[2];
    const stopped =
      command === 'inserthtml'
        ? isUp() && written(markup) !== markup
        : command === 'insertimage' && denied(markup, 'img', self);
    return stopped ? false : apply(original, self, values);
  });

  styles(realm);
  requests(realm);
  stores(realm);

  // Frames.
  each('HTMLIFrameElement HTMLFrameElement HTMLObjectElement HTMLEmbedElement', (name) => {
    getter(prototype(name), 'contentWindow', (original, self) => {
      const found = apply(original, self, []);
      if (isUp()) adopt(found);
      return found;
    });
    const within = (/** @type {Function} */ original, /** @type {any} */ self) => {
      const found = apply(original, self, []);
      if (isUp() && found) adopt(read(viewOf, found));
      return found;
    };
    getter(prototype(name), 'contentDocument', within);
    method(prototype(name), 'getSVGDocument', within);
  });
  method(realm, 'open', (original, self, values) => {
    if (isUp() && values.length && denied(values[0], 'iframe', realm.document) && isFrame(realm, values[1])) return null;
    const opened = apply(original, self, values);
    if (isUp()) adopt(opened);
    return opened;
  });
  each('submit requestSubmit', (name) =>
    method(prototype('HTMLFormElement'), name, (original, self, values) =>
      leads(realm, self, values[0]) ? undefined : apply(original, self, values),
    ),
  );
  method(prototype('HTMLElement'), 'click', (original, self, values) =>
    !apply(isConnectedOf, self, []) && leads(realm, self) ? undefined : apply(original, self, values),
  );
  // A click that cannot be prevented, or that the window does not see.
  method(prototype('EventTarget'), 'dispatchEvent', (original, self, values) =>
    isUp() && read(eventType, values[0]) === 'click' && leads(realm, self) ? true : apply(original, self, values),
  );
  if (realm !== window)
    method(prototype('Navigation'), 'navigate', (original, self, values) => {
      if (!isUp() || !values.length || !denied(values[0], 'iframe', realm.document)) return apply(original, self, values);
      const never = new realm.Promise(() => {});
      return { committed: never, finished: never };
    });
  listen(realm, 'click', (event) => {
    const path = apply(composedPath, event, []);
    for (let place = 0; path[place]; place++) if (leads(realm, path[place])) apply(preventDefault, event, []);
  });
  listen(realm, 'submit', (event) => {
    if (leads(realm, event.target, event.submitter)) apply(preventDefault, event, []);
  });
  listen(realm.document, 'load', (event) => {
    if (isUp() && event.target !== realm.document) adopt(read(frameOf, event.target));
  });
  // Not of a frame that never left its first, empty document: the browser tells nobody of that.
  if (realm !== window && realm.navigation)
    listen(realm.navigation, 'navigate', (event) => {
      if (event.cancelable && denied(event.destination.url, 'iframe')) apply(preventDefault, event, []);
    });
  reach();
}

/** The beginning of a tag that was not written to its end. */
const LOOSE = /<(?:[a-z][^<>]*)?$/i;
/** @type {WeakMap<object, string>} */
const started = new WeakMap();

/**
 * Markup that is written into a document piece by piece.
 * @param {any} page
 * @param {any} piece
 */
function streamed(page, piece) {
  const markup = `${noted(started, page) ?? ''}${piece}`;
  const rest = /** @type {RegExpExecArray | null} */ (apply(exec, LOOSE, [markup]));
  note(started, page, rest ? rest[0] : '');
  return written(rest ? apply(slice, markup, [0, rest.index]) : markup) ?? '';
}

/**
 * @param {string} list
 * @param {(name: string) => unknown} act
 */
function each(list, act) {
  edit(list, WORDS, (found) => void act(found[0]));
}
const WORDS = /\S+/g;

/**
 * @param {any} target
 * @param {string} name
 * @param {(event: any) => void} act
 */
const listen = (target, name, act) => apply(addEventListener, target, [name, act, true]);

/** @type {Record<string, Function>} */
const PLACES = /** @type {any} */ ({ __proto__: null, beforebegin: before, afterbegin: prepend, beforeend: append, afterend: after });

/**
 * The element in which markup for the inside of a parent is read.
 * @param {any} parent
 */
const elementFor = (parent) =>
  read(nodeTypeOf, parent) === 11 ? apply(createElement, document, ['body']) : read(nodeTypeOf, parent) === 1 && parent;

/**
 * @param {any} place an element or a shadow root
 * @param {any} nodes
 */
const fill = (place, nodes) => apply(replaceChildren[/** @type {1 | 11} */ (read(nodeTypeOf, place))], place, [nodes]);

/**
 * A copy asks as soon as it is made: it is made where nothing loads if something of it is denied.
 * @param {() => any} copy
 * @param {any} node
 * @param {any} home
 * @param {boolean} deep
 */
function copied(copy, node, home, deep) {
  const type = read(nodeTypeOf, node);
  const single = type === 1;
  if (!isUp() || !home || read(viewOf, home) === null || !(single || type === 11)) return copy();
  const select = single ? querySelectorAll : selectInFragment;
  const loads = (single && apply(matches, node, [LOADING])) || (deep && apply(select, node, [LOADING]).length);
  if (!loads) return copy();
  const made = apply(importNode, apart, [node, deep]);
  const one = single && stripOne(made);
  return (deep && stripTree(made, LOADING)) || one ? apply(adoptNode, home, [made]) : copy();
}
