// Puts the module together again: xtask/unpack, a small module that is carried with it, does it as fast
// as the browser can run it.

import { carried } from 'nosale:wasm';

/** The bytes of the module. */
export function unpacked() {
  const bytes = carried();
  const unpacker = new WebAssembly.Module(bytes.subarray(0, UNPACKER));
  const packed = bytes.subarray(UNPACKER);
  /** @type {any} */
  const { memory, unpack } = new WebAssembly.Instance(unpacker).exports;
  const start = memory.grow((packed.length + ROOM) / 65536 + 1) * 65536;
  new Uint8Array(memory.buffer).set(packed, start);
  /** @type {ArrayBuffer} */
  const unpackedInto = memory.buffer;
  return new Uint8Array(unpackedInto, start + packed.length, unpack(start, packed.length, ROOM));
}
