import { METHODS } from 'node:http';
import { reasonBefore, type Asked, type Cover } from './cover.js';
import { chainsOf, expressRouterIn, isMount, patternsOf, type ExpressRouter } from './express-layers.js';
import { isSpelledOut, type Pattern } from './pattern.js';
import { isErrorHandler, isGuard, reasonIn, REASONS, type Audited } from './route.js';

/** Where a router is mounted. */
interface Place {
  readonly path: string;
  readonly isWhole: boolean;
  /** Why no guard before it protects all that is in it; there is none if one does. */
  readonly reason: string | undefined;
}

const ROOT: Place = { path: '', isWhole: true, reason: REASONS.none };

/** Every route of a router and of those mounted in it, in their order. */
export function* expressRoutes({ stack, params }: ExpressRouter, place = ROOT): Generator<Audited> {
  let guards: Cover[] = [];
  let otherwise = place.reason && hasGuard(params) ? REASONS.param : place.reason;

  function reasonFor(asked: Asked): string | undefined {
    return place.reason && reasonBefore(guards, asked, otherwise);
  }

  for (const layer of stack) {
    const patterns = patternsOf(layer);
    if (layer.route === undefined && isErrorHandler(layer.handle)) {
      if (guards.length > 0) otherwise = REASONS.errorHandler;
      guards = [];
    }
    for (const { method, methods, handlers } of chainsOf(layer)) {
      if (layer.route === undefined || handlers.every(isGuard)) {
        guards.push({ layer, patterns, methods }); // nothing is answered here
        continue;
      }
      const within = reasonIn(handlers);
      for (const pattern of patterns) {
        const before = within && reasonFor({ layer, pattern, methods });
        yield { ...under(place, pattern), method, reason: before === REASONS.none ? within : before };
      }
    }
    for (const pattern of isMount(layer) ? mountedAt(patterns) : []) {
      const reason = reasonFor({ layer, pattern, methods: METHODS });
      const mount = { ...under(place, pattern), reason };
      const inner = expressRouterIn(layer.handle);
      yield* inner === undefined ? [hiddenIn(mount)] : expressRoutes(inner, mount);
    }
  }
}

function hasGuard(params: ExpressRouter['params']): boolean {
  return Object.values(params).some((handlers) => handlers.some(isGuard));
}

function hiddenIn({ path, reason }: Place): Audited {
  return { path: joined(path, '/…'), isWhole: false, method: 'ALL', reason: reason && REASONS.hidden };
}

/** A path that is not kept is a path all the same. */
function mountedAt(patterns: readonly Pattern[]): readonly (Pattern | undefined)[] {
  return patterns.length === 0 ? [undefined] : patterns;
}

function under({ path, isWhole }: Place, pattern: Pattern | undefined): Pick<Place, 'path' | 'isWhole'> {
  const { text = '/…', reach } = pattern ?? {};
  // What Express 4 compiled of a mount's path is nothing that anybody wrote.
  const isWritten = typeof text === 'string' || reach === 'exact';
  return {
    path: joined(path, isWritten ? String(text) : '/…'),
    isWhole: isWhole && pattern !== undefined && isSpelledOut(text),
  };
}

function joined(prefix: string, path: string): string {
  const above = prefix.replace(/\/$/, '');
  return path === '/' && above !== '' ? above : above + path;
}
