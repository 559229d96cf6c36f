// Functions that take commands, and objects whose methods are the commands.

import { apply } from '../gate/saved.js';
import { put } from './queue.js';

/** @typedef {import('../tags.js').Way} Way */

/**
 * A function (Meta, Pinterest, Clarity). A snippet that makes one and has not made its queue yet
 * throws: then it is called when the page looks for it again, which is before the page's own first
 * command.
 * @type {Way}
 */
export const call = (tag, value, fresh) => {
  for (const command of fresh ? tag.first : tag.now) apply(value, window, command);
};

/**
 * An object with a method for each command (TikTok). As long as it is a bare list, a command in the
 * list is what its snippet's own method would put there.
 * @type {Way}
 */
export const methods = (tag, value, fresh) => {
  const waiting = [];
  for (const command of fresh ? tag.first : tag.now) {
    const [name, ...values] = command;
    if (typeof value[name] === 'function') apply(value[name], value, values);
    else waiting.push(command);
  }
  put(value, waiting, fresh);
};
