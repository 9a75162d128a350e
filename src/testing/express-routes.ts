import { METHODS } from 'node:http';
import { markOf } from '../guards/mark.js';
import { isProtected, type Seen } from './route.js';

type Path = string | RegExp;

/** What Express 4 and 5 keep of a middleware or a route. */
export interface ExpressLayer {
  readonly handle: unknown;
  readonly name: string;
  readonly route?: ExpressRoute;
  readonly match: (path: string) => boolean;
  /** Express 5: whether it is mounted at the root. */
  readonly slash?: boolean;
  /** Express 5.3 and later. */
  readonly rawPath?: Path | readonly Path[];
  /** Express 4. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean };
}

interface ExpressRoute {
  readonly path: Path | readonly Path[];
  readonly stack: readonly { readonly method?: string; readonly handle: unknown }[];
}

/** Where a router is mounted. */
interface Place {
  readonly path: string;
  readonly isWhole: boolean;
  readonly isGuarded: boolean;
}

/** A guard that stands before what comes later in the same router, for one method or for all. */
interface Cover {
  readonly guard: ExpressLayer;
  readonly method: string;
}

const ROOT: Place = { path: '', isWhole: true, isGuarded: false };

/** Every route of a router and of those mounted in it, in their order. */
export function* expressRoutes(stack: readonly ExpressLayer[], place = ROOT): Generator<Seen> {
  const covers: Cover[] = [];
  for (const layer of stack) {
    const isCovered = (path: Path | undefined, asked: string): boolean =>
      place.isGuarded ||
      covers.some(
        ({ guard, method }) => (method === 'ALL' || method === asked) && stands(guard, layer, path),
      );

    for (const { method, chain } of chainsOf(layer)) {
      if (layer.route === undefined || chain.every((handler) => markOf(handler) === 'guard')) {
        covers.push({ guard: layer, method }); // nothing is answered here
        continue;
      }
      for (const path of listOf(layer.route.path)) {
        const isGuarded = isProtected(chain) || isCovered(path, method);
        yield { ...place, method, path: joined(place.path, path), isGuarded };
      }
    }
    for (const path of mountsOf(layer)) {
      const isGuarded = isCovered(path, 'ALL');
      const isWhole = place.isWhole && path !== undefined;
      const mount = { path: joined(place.path, path ?? '/…').replace(/\/$/, ''), isWhole, isGuarded };
      const inner = stackOf(layer.handle);
      if (inner !== undefined) yield* expressRoutes(inner, mount);
      // Express hides a mounted app behind a function.
      else yield { ...mount, method: 'ALL', path: joined(mount.path, '/…'), isWhole: false };
    }
  }
}

export function stackOf(router: unknown): readonly ExpressLayer[] | undefined {
  const { stack } = Object(router) as { readonly stack?: unknown };
  return Array.isArray(stack) ? (stack as ExpressLayer[]) : undefined;
}

/** The handlers that a request comes past, by method; a guard that is mounted by itself is a chain, too. */
function chainsOf({ route, handle }: ExpressLayer): { method: string; chain: readonly unknown[] }[] {
  if (route === undefined) return markOf(handle) === undefined ? [] : [{ method: 'ALL', chain: [handle] }];
  const methods = new Set(route.stack.map(({ method = 'all' }) => method));
  // `app.all` names every method there is.
  const isForAll = METHODS.every((method) => methods.has(method.toLowerCase()));
  return (isForAll ? ['get'] : [...methods]).map((asked) => ({
    method: isForAll ? 'ALL' : asked.toUpperCase(),
    chain: route.stack
      .filter(({ method = 'all' }) => method === asked || method === 'all')
      .map((layer) => layer.handle),
  }));
}

/** The paths of a mounted router or app; `undefined` for one that is not kept. */
function mountsOf(layer: ExpressLayer): readonly (Path | undefined)[] {
  if (layer.route !== undefined) return [];
  if (layer.name !== 'mounted_app' && stackOf(layer.handle) === undefined) return [];
  if (isRoot(layer)) return ['/'];
  return layer.rawPath === undefined ? [undefined] : listOf(layer.rawPath);
}

/** Whether a guard surely stands before a later layer of the same router. */
function stands(guard: ExpressLayer, later: ExpressLayer, path: Path | undefined): boolean {
  if (isRoot(guard)) return true;
  if (typeof path === 'string') return guard.match(path);
  return guard.regexp !== undefined && guard.regexp.source === later.regexp?.source;
}

function isRoot({ slash, regexp }: ExpressLayer): boolean {
  return slash === true || regexp?.fast_slash === true;
}

function listOf(path: Path | readonly Path[]): readonly Path[] {
  return typeof path === 'string' || path instanceof RegExp ? [path] : path;
}

function joined(prefix: string, path: Path): string {
  return path === '/' && prefix !== '' ? prefix : prefix + String(path);
}
