import { markOf } from '../guards/mark.js';

/** One method of one route. */
export interface Route {
  /** In capitals; `ALL` for every method. */
  readonly method: string;
  /** As it was given, after the paths of the routers that it is in; `…` for one that the framework does not keep. */
  readonly path: string;
  /** Whether the framework keeps all of the path. */
  readonly isWhole: boolean;
}

export interface Seen extends Route {
  readonly isGuarded: boolean;
}

/** Whether whoever comes to the last of some handlers has come past a guard. */
export function isProtected(chain: readonly unknown[]): boolean {
  return chain.some((handler, at) => {
    const mark = markOf(handler);
    return mark === 'guarded' || (mark === 'guard' && at < chain.length - 1);
  });
}
