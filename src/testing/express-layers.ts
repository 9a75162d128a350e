import { METHODS } from 'node:http';
import { markOf } from '../guards/mark.js';
import { peek } from '../translation/plain.js';
import { express4Paths, type Express4Path } from './express4-paths.js';
import { patternOf, WILDCARDS, type Grammar, type Matcher, type Pattern } from './pattern.js';

type Path = string | RegExp;

/** A path, or paths in lists of any depth. */
type Paths = Path | readonly Paths[];

/** What Express 4 and 5 keep of a middleware or a route. */
export interface ExpressLayer extends Matcher, Partial<Pick<Express4Path, 'keys'>> {
  /** Express 4. */
  readonly regexp?: Express4Path['regexp'];
  readonly handle: unknown;
  readonly name: string;
  readonly route?: ExpressRoute;
  /** Express 5: whether it is mounted at the root. */
  readonly slash?: boolean;
  /** Express 5.3 and later. */
  readonly rawPath?: Paths;
}

interface ExpressRoute {
  readonly path: Paths;
  readonly stack: readonly { readonly method?: string; readonly handle: unknown }[];
}

export interface ExpressRouter {
  readonly stack: readonly ExpressLayer[];
  readonly params: Readonly<Record<string, readonly unknown[]>>;
}

/** Handlers that requests with some methods come past, in their order. */
export interface Chain {
  /** As the list says it. */
  readonly method: string;
  readonly methods: readonly string[];
  readonly handlers: readonly unknown[];
}

const EXPRESS_4: Grammar = [
  [/^\*$/, 'prefix'],
  [/\/\*$/, 'below'],
];

/** A router, as Express and Koa make them: with layers that match paths. */
export function expressRouterIn(value: unknown): ExpressRouter | undefined {
  const { stack } = Object(value) as { readonly stack?: unknown };
  const isRouter = Array.isArray(stack) && stack.every((layer) => typeof peek(layer, 'match') === 'function');
  return isRouter ? (value as ExpressRouter) : undefined;
}

/** Whether something is mounted whose routes are its own. Express hides an app behind a function. */
export function isMount({ route, name, handle }: ExpressLayer): boolean {
  return route === undefined && (name === 'mounted_app' || Array.isArray(peek(handle, 'stack')));
}

/** The paths of a layer; none if they are not kept. */
export function patternsOf(layer: ExpressLayer): readonly Pattern[] {
  const grammar = layer.regexp === undefined ? WILDCARDS : EXPRESS_4;
  const isPrefix = layer.route === undefined;
  return pathsOf(layer).map((path) => patternOf(path, isPrefix, grammar));
}

function pathsOf({ route, slash, rawPath, regexp, keys = [] }: ExpressLayer): readonly Path[] {
  if (route !== undefined) return listOf(route.path);
  if (slash === true) return ['/'];
  if (regexp !== undefined) return express4Paths({ regexp, keys });
  return rawPath === undefined ? [] : listOf(rawPath);
}

function listOf(paths: Paths): readonly Path[] {
  return typeof paths === 'string' || paths instanceof RegExp ? [paths] : paths.flatMap(listOf);
}

/** The handlers that a request comes past, by method; a guard that is mounted by itself is a chain, too. */
export function chainsOf({ route, handle }: ExpressLayer): readonly Chain[] {
  if (route === undefined) {
    return markOf(handle) === undefined ? [] : [{ method: 'ALL', methods: METHODS, handlers: [handle] }];
  }
  const named = [...new Set(route.stack.flatMap(({ method }) => method?.toUpperCase() ?? []))];
  const chains = named.map((method) => chainOf(route, method, methodsFor(method, named)));
  const [first] = chains;
  // `app.all` names every method there is.
  if (first !== undefined && METHODS.every((method) => named.includes(method)) && chains.every(isAs(first))) {
    return [{ ...first, method: 'ALL', methods: METHODS }];
  }
  const isForOthers = route.stack.some(({ method }) => method === undefined);
  const taken = new Set(chains.flatMap(({ methods }) => methods));
  const others = METHODS.filter((method) => !taken.has(method));
  return isForOthers ? [...chains, chainOf(route, 'ALL', others)] : chains;
}

function chainOf({ stack }: ExpressRoute, method: string, methods: readonly string[]): Chain {
  const runs = stack.filter((layer) => layer.method === undefined || layer.method.toUpperCase() === method);
  return { method, methods, handlers: runs.map(({ handle }) => handle) };
}

/** A route answers HEAD as GET, unless it says otherwise. */
function methodsFor(method: string, named: readonly string[]): readonly string[] {
  return method === 'GET' && !named.includes('HEAD') ? ['GET', 'HEAD'] : [method];
}

function isAs({ handlers }: Chain): (other: Chain) => boolean {
  return (other) =>
    other.handlers.length === handlers.length &&
    other.handlers.every((handler, at) => handler === handlers[at]);
}
