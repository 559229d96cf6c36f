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
  /** The module that unpacks, one character for each byte. */
  export const unpacker: string;
  /** What it unpacks, in the same way. */
  export const packed: string;
  /** How much is to be taken from each character. */
  export const shift: number;
  /** How many bytes come out. */
  export const room: number;
}
