import { marked, markOf } from '../guards/mark.js';
import { refusalsOf, refusing } from '../guards/refusals.js';

/**
 * Marks middleware as the guard that it calls, for audits of routes and for OpenAPI documents. A guard in mode
 * `'report'` marks nothing: it lets every request pass.
 *
 * @returns the middleware.
 */
export function copyGuardMetadata<M extends object>(guard: object, middleware: M): M {
  return refusing(marked(middleware, markOf(guard)), refusalsOf(guard));
}
