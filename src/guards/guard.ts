import { isThenable } from '../thenable.js';
import type { Tell } from '../events.js';
import { judged } from '../judge.js';
import { guardOptions } from '../schemas/guards.js';
import type { Settings } from '../settings.js';
import type { Gate } from './gate.js';
import type { Locals } from './locals.js';
import type { Admitted } from './lookup.js';
import { marked } from './mark.js';
import type { Merchant } from './merchant.js';
import type { GuardOptions } from './options.js';
import { reasonsOf, refusalsBy, refusing } from './refusals.js';
import { onTrial } from './trial.js';
import { whoseBy } from './whose.js';

/**
 * Lets one request pass, or throws or rejects: with a LakiConnectError, or with what a function of the
 * platform's threw. It is synchronous where all is known. `state` is where the framework keeps what
 * middleware learns of a request: Express's `res.locals`, Koa's `ctx.state`. One that may refuse is marked,
 * as the middleware that it is mounted in should be.
 */
export type Guard<Req> = (request: Req, state: object) => void | Promise<void>;

/** @throws TypeError naming the path of a wrong option, or if nobody says whose money a request is about. */
export function createGuard<Req>(
  requirements: readonly Admitted[],
  options: GuardOptions<Req>,
  { gate, locals, settings, tell }: { gate: Gate; locals: Locals; settings: Settings<Req>; tell: Tell },
): Guard<Req> {
  const { whenUndetermined = 'deny', mode = 'enforce' } = judged(guardOptions, options);
  const whose = whoseBy(options, settings, locals, tell);
  const manner = { whenUndetermined, mode };

  function enter(id: unknown, state: object): void | Promise<void> {
    const found = gate(id, requirements, manner);
    return found instanceof Promise ? found.then((merchant) => keep(merchant, state)) : keep(found, state);
  }

  function keep(found: Merchant | undefined, state: object): void {
    if (found !== undefined) whose.keep(found, state);
  }

  const guard: Guard<Req> = (request, state) => {
    whose.keepReader(request, state);
    const id = whose.of(request);
    return isThenable(id) ? Promise.resolve(id).then((resolved) => enter(resolved, state)) : enter(id, state);
  };

  const entered = mode === 'enforce' ? marked(guard, 'guard') : onTrial(guard, tell);
  return refusing(entered, refusalsBy(reasonsOf(requirements), options));
}
