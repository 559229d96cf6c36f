// What `cargo xtask build` puts in place of these names.

/** Tells this build of the module from every other. */
declare const MARK: string;
/** The version of all files. */
declare const VERSION: string;

declare module 'nosale:glue' {
  type Nosale = import('./nosale').Nosale;

  /** Takes the module from an engine, which calls `grown` when its memory has grown. */
  export function begin(engine: (imports: WebAssembly.Imports, grown: () => void) => WebAssembly.Exports): void;
  /**
   * Decides and raises the gate. The element is the script that is running, if there is one; `plain`: the
   * engine is not WebAssembly; `since`: requests are held since then, in milliseconds since navigation,
   * 0 for the inline snippet.
   */
  export function start(script: HTMLScriptElement | undefined, plain: boolean, since: number | undefined): void;
  /** This module's version. */
  export function version(): string;
  export const status: Nosale['status'];
  export const allows: Nosale['allows'];
  export const optOut: Nosale['optOut'];
  export const optIn: Nosale['optIn'];
  export const setContext: Nosale['setContext'];
  export const identify: Nosale['identify'];
  export const open: Nosale['open'];
  export const receipt: Nosale['receipt'];
  export const audit: Nosale['audit'];
  export const on: Nosale['on'];
}

declare module 'nosale:wasm' {
  /** What stands for the bytes of the module that unpacks, and of the packed one. */
  export const text: string;
  /** How much all bytes are shifted up. */
  export const shift: number;
  /** How many characters the first module takes. */
  export const border: number;
  /** The bytes that a text stands for. */
  export function decode(text: string): Uint8Array<ArrayBuffer>;
}

declare module 'nosale:plain' {
  /** The module in plain JavaScript. */
  export function instantiate(imports: WebAssembly.Imports, grown: () => void): WebAssembly.Exports;
}

declare module 'nosale:files' {
  /** Where a bundler, or the package itself, has each file that is not a part of the module. */
  export const files: { [name: string]: URL };
}

/** How many bytes it unpacks. */
declare const ROOM: number;
