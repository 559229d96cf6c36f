// Puts the module together again: xtask/unpack, a small module of its own, does it where it runs as fast
// as the browser can.

import { packed, room, shift, unpacker } from 'nosale:wasm';

/**
 * Takes bytes out of a text with one character for each.
 * @param {string} text
 * @param {Uint8Array} bytes
 */
function read(text, bytes) {
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) - shift;
  return bytes;
}

/** The bytes of the module. */
export function wasm() {
  const small = new WebAssembly.Module(read(unpacker, new Uint8Array(unpacker.length)));
  /** @type {any} */
  const { memory, unpack } = new WebAssembly.Instance(small).exports;
  const start = memory.grow((packed.length + room) / 65536 + 1) * 65536;
  read(packed, new Uint8Array(memory.buffer, start));
  return new Uint8Array(memory.buffer, start + packed.length, unpack(start, packed.length, room));
}
