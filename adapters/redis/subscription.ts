import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from './client.js';

/** How long each answer may take: that it is connected and subscribed, and that it still lives. */
const ANSWER_MS = 1000;
/** How often is asked whether a connection still lives: one that was cut off says nothing. */
const PING_MS = 1000;
/** How long after a connection was lost the next is made. */
const RETRY_MS = 250;

interface Listening {
  readonly channels: readonly string[];
  readonly message: (channel: string, text: string) => void;
  /** All that is said from now on is heard. */
  readonly up: () => void;
  readonly down: (reason: unknown) => void;
}

/**
 * Listens on a connection of its own, and on another when that is lost: none is ever repaired, so that it
 * cannot matter how a client would do that.
 *
 * @returns what ends it.
 */
export function listening(redis: Redis, { channels, message, up, down }: Listening): () => Promise<void> {
  let isClosed = false;
  let current = new AbortController();

  /** Begins what ends when a connection is lost, or when all ends. */
  function begin(): AbortController {
    current = new AbortController();
    return current;
  }

  /** Rejects when the connection is lost. */
  async function hear(over: AbortController): Promise<never> {
    const { signal } = over;
    const lost = (reason: unknown): void => {
      over.abort(reason);
    };
    const connection = await inTime(redis.connection(lost), signal);
    try {
      const subscribed = connection.subscribe(channels, (channel, text) => {
        if (!signal.aborted) message(channel, text);
      });
      await inTime(subscribed, signal);
      up();
      for (;;) {
        await sleep(PING_MS, undefined, { signal });
        const pong = String(await inTime(connection.ping(), signal));
        if (!/^pong/i.test(pong)) throw new Error(`a ping was answered ${pong}`);
      }
    } finally {
      connection.destroy();
    }
  }

  async function listen(): Promise<void> {
    while (!isClosed) {
      const over = begin();
      const reason: unknown = await hear(over).catch(
        (thrown: unknown) => (over.signal.reason as unknown) ?? thrown,
      );
      over.abort(); // the timers that it left
      if (isClosed) return;
      down(reason);
      await sleep(RETRY_MS, undefined, { signal: begin().signal }).catch(() => undefined);
    }
  }

  const ended = listen();
  return async () => {
    isClosed = true;
    current.abort();
    await ended;
  };
}

/** What comes in the last turn of a busy loop is still in time. */
async function inTime<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T> {
  async function late(): Promise<never> {
    await sleep(ANSWER_MS, undefined, { signal });
    await turn();
    throw new Error(`no answer within ${String(ANSWER_MS)} ms`);
  }
  return Promise.race([work, late()]);
}
