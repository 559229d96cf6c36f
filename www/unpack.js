// Puts the module together again: xtask/unpack, a small module that is carried with it, does it as fast
// as the browser can run it.

import { border, decode, shift, text } from 'nosale:wasm';

/** The bytes of the module. */
export function unpacked() {
  const unpacker = new WebAssembly.Module(decode(text.slice(0, border)));
  const packed = text.slice(border);
  /** @type {any} */
  const { memory, unpack } = new WebAssembly.Instance(unpacker).exports;
  const start = memory.grow((packed.length + ROOM) / 65536 + 1) * 65536;
  new TextEncoder().encodeInto(packed, new Uint8Array(memory.buffer, start));
  /** @type {ArrayBuffer} */
  const unpackedInto = memory.buffer;
  return new Uint8Array(unpackedInto, start + packed.length, unpack(start, packed.length, shift, ROOM));
}
