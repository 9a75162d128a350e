/** What becomes of what a server says. */
export type Mode =
  | 'pass'
  | { readonly delayMs: number }
  /** It is no RESP. */
  | 'garble'
  /** Each reply is one that was not asked for. */
  | 'lie'
  /** Nothing comes through, and nobody is told. */
  | 'silence'
  /** Nobody new comes in. */
  | 'refuse';

/** A TCP proxy before a server, whose mode can change at any time. */
export interface Proxy {
  readonly port: number;
  readonly set: (mode: Mode) => void;
  /** Cuts all connections, or those made after the first few. */
  readonly cut: (after?: number) => void;
  readonly close: () => Promise<void>;
}

export function startProxy(target: number): Promise<Proxy>;
