const GUARD = Symbol.for('lakiconnect-middleware.guard');

/** `'guard'` stands before a handler; `'guarded'` is a handler that has its guards in itself. */
export type Mark = 'guard' | 'guarded';

/** For adapters: tells audits of routes that nobody comes past this middleware unguarded. */
export function marked<M extends object>(middleware: M, mark: Mark | undefined): M {
  return mark === undefined ? middleware : Object.assign(middleware, { [GUARD]: mark });
}

/** How a function is marked, by this or another copy of the package. */
export function markOf(middleware: unknown): Mark | undefined {
  return typeof middleware === 'function' ? (middleware as { [GUARD]?: Mark })[GUARD] : undefined;
}
