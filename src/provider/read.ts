import type { Readable } from 'node:stream';
import timers from 'node:timers';
import { OVERSIZED } from '../translation/body.js';
import { isBlob, UNSEEN } from '../translation/carrier.js';
import { peek } from '../translation/plain.js';
import { isStreamed, replay, type Streamed } from './replay.js';

/** An error body beyond this is no envelope. */
const MAX_BYTES = 64 * 1024;

/** node-fetch's clone stalls where it runs ahead of its original by more than its buffer of 16 KiB. */
const MAX_NODE_CLONE = 16 * 1024 - 1;

interface Source {
  readonly chunks: Pick<AsyncIterator<Uint8Array | string>, 'next'>;
  readonly max: number;
  /** Ends a read that waits for more, and what it waits for. */
  readonly stop: () => void;
  /** What to do with the rest of a body that is too large. */
  readonly leave: () => void;
  /** Makes what was read readable again. */
  readonly restore?: () => void;
}

/**
 * Reads the body of a response that nobody has read yet, and leaves it readable: a `Response` through
 * its clone, undici's stream by putting another in its place, a Blob again. A bare stream is read only if
 * `spent` says that nobody else will.
 *
 * @returns the bytes, or {@link OVERSIZED}; `undefined` if there is no body, {@link UNSEEN} if it is not ours to
 * read.
 * @throws what the connection threw.
 */
export async function readUnread(
  carrier: object,
  { spent, signal }: { spent: boolean; signal: AbortSignal },
): Promise<Uint8Array | typeof OVERSIZED | typeof UNSEEN | undefined> {
  const source = sourceOf(carrier, spent);
  if (source === undefined || source === UNSEEN) return source;
  if (signal.aborted) source.stop();
  signal.addEventListener('abort', source.stop);
  try {
    return await gather(source);
  } finally {
    source.restore?.();
    signal.removeEventListener('abort', source.stop);
  }
}

async function gather({ chunks, max, leave }: Source): Promise<Uint8Array | typeof OVERSIZED> {
  const read: Uint8Array[] = [];
  for (let size = 0; size <= max;) {
    const step = await chunks.next();
    if (step.done === true) return Buffer.concat(read);
    const chunk = typeof step.value === 'string' ? Buffer.from(step.value) : step.value;
    size += chunk.byteLength;
    read.push(chunk);
  }
  leave();
  return OVERSIZED;
}

function sourceOf(carrier: object, spent: boolean): Source | typeof UNSEEN | undefined {
  if (typeof peek(carrier, 'clone') === 'function') return responseSource(carrier as Response);
  if (isStreamed(carrier)) return streamedSource(carrier, spent);
  const stream = peek(carrier, 'data') ?? peek(carrier, 'body');
  if (isBlob(stream)) return webSource(stream.stream());
  if (!spent) return UNSEEN;
  if (isNodeStream(stream)) return nodeSource(stream, MAX_BYTES);
  return typeof peek(stream, 'getReader') === 'function'
    ? webSource(stream as ReadableStream<Uint8Array>)
    : undefined;
}

/** A body that the caller already reads cannot be cloned, and is not ours to read. */
function responseSource(response: Response): Source | typeof UNSEEN | undefined {
  const original: unknown = response.body;
  try {
    const copy: unknown = response.clone().body;
    if (isNodeStream(copy)) {
      return nodeCloneSource(original as Readable, response.body as unknown as Readable, copy);
    }
    return copy === null ? undefined : webSource(copy as ReadableStream<Uint8Array>, response);
  } catch {
    return UNSEEN;
  }
}

function webSource(stream: ReadableStream<Uint8Array>, response?: Response): Source {
  const reader = stream.getReader();
  const leave = (): void => void reader.cancel().catch(ignore);
  // Not within the abort event: undici, which listens to it too, would throw where nobody catches.
  const stop = (): void =>
    void timers.setImmediate(() => {
      leave();
      response?.body?.cancel().catch(ignore);
    });
  return {
    chunks: { next: () => reader.read() as ReturnType<Source['chunks']['next']> },
    max: MAX_BYTES,
    stop,
    leave,
  };
}

/** node-fetch pipes its body into both branches, tells an abort to one of them, and a pipe passes no error on. */
function nodeCloneSource(original: Readable, branch: Readable, copy: Readable): Source {
  original.on('error', (error) => branch.destroy(error));
  branch.on('error', (error) => copy.destroy(error));
  const source = nodeSource(copy, MAX_NODE_CLONE);
  const stop = (): void => {
    source.stop();
    original.destroy();
  };
  return { ...source, stop };
}

function streamedSource(result: Streamed, spent: boolean): Source {
  const { body } = result;
  const { next, restore } = replay(result);
  const stop = (): void => void body.destroy();
  return { chunks: { next }, max: MAX_BYTES, stop, leave: spent ? stop : ignore, restore };
}

function nodeSource(stream: Readable, max: number): Source {
  const stop = (): void => void stream.on('error', ignore).destroy();
  return { chunks: stream[Symbol.asyncIterator]() as Source['chunks'], max, stop, leave: stop };
}

function isNodeStream(value: unknown): value is Readable {
  return typeof peek(value, 'pipe') === 'function';
}

function ignore(): void {}
