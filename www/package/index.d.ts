import type { Nosale } from '../nosale';

export type * from '../nosale';

/**
 * Starts nosale: loads and compiles the module while it comes, then decides and raises the gate. Until
 * the promise is fulfilled nothing is gated but inert markup, so begin with this, and let what reaches
 * third parties wait for it. Rejected where WebAssembly is missing or forbidden: marked tags stay off.
 */
export function start(): Promise<Nosale>;
