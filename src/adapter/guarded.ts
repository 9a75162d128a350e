import { inspect } from 'node:util';
import { marked, markOf } from '../guards/mark.js';

/** A function of whatever parameters: all that can be put before a route or in a controller. */
type Callable = (...parameters: never[]) => unknown;

/** The same, as it is called here: with what its framework gave. */
export type Handler = (this: unknown, ...given: unknown[]) => unknown;

/** Puts guards before a handler, in three ways; each keeps the type of the handler. */
export interface Guarded {
  /** A wrapper: `app.post(path, guarded(guard)(handler))`. */
  <H extends Callable>(handler: H): H;
  /** A method decorator. */
  <H extends Callable>(method: H, context: ClassMethodDecoratorContext): H;
  /** A method decorator under `experimentalDecorators`; `Reflect` metadata stays. */
  <H extends Callable>(
    target: object,
    property: string | symbol,
    descriptor: TypedPropertyDescriptor<H>,
  ): TypedPropertyDescriptor<H>;
}

/** Makes `guarded` of a framework. `chain` gives a handler that runs the guards, then `handler`, with its `this`. */
export function createGuarded(
  chain: (guards: readonly Handler[], handler: Handler) => Callable,
): (...guards: readonly Callable[]) => Guarded {
  return (...guards) => {
    if (guards.length === 0 || !guards.every((guard) => typeof guard === 'function')) {
      throw new TypeError(
        `lakiconnect: guarded() got ${inspect(guards, { depth: 0 })}, expected guards such as laki.preflight().`,
      );
    }

    function protect(handler: Handler): Callable {
      const chained = chain(guards as readonly Handler[], handler);
      Object.defineProperty(chained, 'name', { value: handler.name, configurable: true });
      copyMetadata(handler, chained);
      const isGuarded = guards.some((guard) => markOf(guard) !== undefined) || markOf(handler) === 'guarded';
      return marked(chained, isGuarded ? 'guarded' : undefined);
    }

    return ((...given: readonly unknown[]) => {
      const [handler, context, descriptor] = given;
      const isDecorator =
        given.length === 2 && (context as { kind?: unknown } | undefined)?.kind === 'method';
      if ((given.length === 1 || isDecorator) && typeof handler === 'function')
        return protect(handler as Handler);
      const { value } = (descriptor ?? {}) as { readonly value?: unknown };
      if (given.length === 3 && typeof value === 'function') {
        return { ...(descriptor as PropertyDescriptor), value: protect(value as Handler) };
      }
      throw new TypeError(
        'lakiconnect: guarded(…) takes one handler, as in guarded(laki.preflight())(handler), or decorates one method.',
      );
    }) as Guarded;
  };
}

interface Metadata {
  readonly getOwnMetadataKeys?: (target: object) => readonly unknown[];
  readonly getOwnMetadata?: (key: unknown, target: object) => unknown;
  readonly defineMetadata?: (key: unknown, value: unknown, target: object) => void;
}

/** What other decorators have said of a method: without it NestJS, for one, would lose its route. */
function copyMetadata(from: object, to: object): void {
  const { getOwnMetadataKeys, getOwnMetadata, defineMetadata } = Reflect as Metadata;
  for (const key of getOwnMetadataKeys?.(from) ?? []) defineMetadata?.(key, getOwnMetadata?.(key, from), to);
}
