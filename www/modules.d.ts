// The two modules that `cargo xtask build` puts in place of these names.

declare module 'nosale:glue' {
  type Nosale = import('./nosale').Nosale;

  /** Compiles and instantiates at once; throws where either is refused. */
  export function initSync(options: { module: Uint8Array }): unknown;
  /** Decides and raises the gate. The element is the script that is running, if there is one. */
  export function start(script: HTMLScriptElement | undefined): void;
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
  /** The module that unpacks, and the packed one. */
  export function carried(): Uint8Array;
}

/** How many bytes the module that unpacks has. */
declare const UNPACKER: number;
/** How many bytes it unpacks. */
declare const ROOM: number;
