/** For what was mounted on the other framework; `name` is what to import in its place. */
export function misplaced(name: 'guarded' | 'lakiconnect'): TypeError {
  return new TypeError(
    `lakiconnect: this middleware was made for Koa. For Express, import { ${name} } from 'lakiconnect-middleware/express'.`,
  );
}
