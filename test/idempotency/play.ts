import fc from 'fast-check';
import { createHold } from '../../src/guards/hold.js';
import { createLocals } from '../../src/guards/locals.js';
import { createIdempotencyGuard } from '../../src/idempotency/guard.js';
import { createOnHandlerEnd } from '../../src/idempotency/handler-end.js';
import { createKeys, exclusively } from '../../src/idempotency/keys.js';
import { createRunning } from '../../src/provider/running.js';
import { settle } from '../../src/settle.js';
import { createBreaker } from '../../src/sharing/breaker.js';
import { leaseKeys } from '../../src/sharing/key-leases.js';
import type { Store } from '../../src/sharing/store.js';
import { FakeResponse } from './fake-response.js';
import { handlersOf, PROCESSES, type Step } from './schedules.js';
import type { virtualTime } from './virtual-time.js';

export const LEASE_MS = 30_000;
/** For how long a store may be away and no lease is lost. */
export const AWAY_MS = 15_000;

const silent = (): void => undefined;
/** The clock of the wall: it goes as time does, but is set. */
const wall = { offset: 0, now: (): number => 0 };
const settings = settle({ merchantId: () => 'cm_1', now: () => 1e12 + wall.now() + wall.offset });

export interface Setting {
  /** Several processes with a store, or one that is alone. */
  readonly isShared: boolean;
  readonly ttlMs: number;
  readonly whenStoreFails: 'refuse' | 'pass';
}

/** Where the processes are: how time passes for all, and the store that they share. */
export interface World {
  readonly time: ReturnType<typeof virtualTime>;
  readonly store: Store;
  readonly setBackStoreClock: (ms: number) => unknown;
  readonly takeAway: (isAway: boolean) => void;
}

function open({ isShared, ttlMs, whenStoreFails }: Setting, { time, store }: World) {
  wall.now = time.now;

  function start() {
    const running = createRunning();
    const { timers, stop } = time.process();
    const keys = isShared
      ? leaseKeys(store, createBreaker(store, settings, silent), running, timers)
      : createKeys(time.now);
    const guard = createIdempotencyGuard(
      { ttlMs, whenStoreFails },
      {
        keys: exclusively(keys),
        onHandlerEnd: createOnHandlerEnd(running.closing, timers),
        hold: createHold(settings, silent),
        locals: createLocals(),
        settings,
        tell: silent,
      },
    );
    /** @returns the kind that it is refused with; `undefined` if it may go on. */
    const send = (response: FakeResponse, body: number): Promise<string | undefined> =>
      Promise.resolve(
        guard({
          request: {},
          state: {},
          method: 'POST',
          url: '/',
          headers: { 'idempotency-key': 'k1' },
          body: [body],
          response,
        }),
      ).then(
        () => undefined,
        ({ kind }: { kind: string }) => kind,
      );
    return { send, die: stop };
  }
  return start;
}

/** Plays one schedule. @returns how often a request was let pass and how often it was refused as under way. */
export async function play(setting: Setting, steps: readonly Step[], world: World) {
  const start = open(setting, world);
  const { time } = world;
  const processes = Array.from({ length: setting.isShared ? PROCESSES : 1 }, start);
  const processAt = (at: number): number => at % processes.length;
  const handlers = handlersOf(time.now, 60_000);
  const responses: FakeResponse[] = [];
  const counts = { passed: 0, inProgress: 0 };
  const failures: unknown[] = [];

  function sendTo(process: number, body: number): Promise<string | undefined> {
    const response = new FakeResponse();
    const request = { process, isRunning: false, hasSettled: false, leftAt: undefined as number | undefined };
    responses.push(response);
    handlers.requests.push(request);
    return (processes[process] as (typeof processes)[0]).send(response, body).then((kind) => {
      if (kind === 'IDEMPOTENCY_IN_PROGRESS') counts.inProgress++;
      if (kind !== undefined) return kind;
      counts.passed++;
      try {
        // While the store is away, a process that lets requests pass knows of its own alone.
        handlers.begin(request, (other) => setting.whenStoreFails === 'refuse' || other.process === process);
      } catch (thrown) {
        failures.push(thrown);
      }
      return kind;
    });
  }

  async function take(step: Step): Promise<void> {
    const at = 'at' in step && responses.length > 0 ? step.at % responses.length : undefined;
    const request = at === undefined ? undefined : handlers.requests[at];
    const response = at === undefined ? undefined : responses[at];
    switch (step.is) {
      case 'sent':
        return void sendTo(processAt(step.process), step.body); // those that follow at once come at the same time
      case 'answered':
      case 'settled':
        if (request?.isRunning !== true) return;
        // What has settled may still send a stream, while its client is there.
        if (step.is === 'answered' || request.leftAt !== undefined) request.isRunning = false;
        request.hasSettled ||= step.is === 'settled';
        return void (step.is === 'answered' ? response?.end() : response?.settle());
      case 'hung up':
        if (request === undefined || response === undefined) return;
        request.leftAt ??= time.now();
        if (request.hasSettled) request.isRunning = false;
        return response.hangUp();
      case 'passed':
        return time.pass(step.ms);
      case 'clock set':
        return void (wall.offset += step.ms);
      case 'store clock set back':
        return void (await world.setBackStoreClock(step.ms));
      case 'store away':
        world.takeAway(true);
        await time.pass(step.ms);
        world.takeAway(false);
        return time.pass(1000); // it is noticed within a second
      case 'died':
        await time.pass(0);
        return restart(processAt(step.process));
    }
  }

  function restart(process: number): void {
    (processes[process] as (typeof processes)[0]).die();
    processes[process] = start();
    for (const request of handlers.requests) if (request.process === process) request.isRunning = false;
    for (const [at, request] of handlers.requests.entries())
      if (request.process === process) responses[at] = new FakeResponse(); // it hears of nothing any more
  }

  for (const step of steps) await take(step);
  await time.pass(0);

  // Once all have ended or died, the key is free a lease later.
  for (let process = 0; process < processes.length; process++) restart(process);
  for (const before of [0, LEASE_MS]) {
    await time.pass(before);
    const kinds = await Promise.all([sendTo(0, 0), sendTo(0, 1)]);
    if (before > 0 && !kinds.includes(undefined)) failures.push(kinds);
    for (const response of responses.slice(-2)) response.end();
    for (const request of handlers.requests) request.isRunning = false;
  }
  return { counts, failures };
}

export const settingOf = (isShared: fc.Arbitrary<boolean>) =>
  fc.record<Setting>({
    isShared,
    ttlMs: fc.constantFrom(1, 20_000, 86_400_000),
    whenStoreFails: fc.constantFrom('refuse' as const, 'pass' as const),
  });
