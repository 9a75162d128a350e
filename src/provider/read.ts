import type { Readable } from 'node:stream';
import { peek } from '../translation/plain.js';
import { isStreamed, replay } from './replay.js';

/** An error body beyond this is no envelope. */
const MAX_BYTES = 64 * 1024;

/** node-fetch's `clone` stalls where one branch runs ahead of the other by more than its buffer. */
const MAX_NODE_CLONE = 16 * 1024;

interface Source {
  readonly chunks: Pick<AsyncIterator<Uint8Array | string>, 'next'>;
  readonly max: number;
  /** Ends a read that waits for more. */
  readonly stop: () => void;
  /** What to do with the rest of a body that is too large. */
  readonly leave: () => void;
}

/**
 * Reads the body of a response that nobody has read yet, and leaves it readable: a `Response` through
 * its clone, undici's stream by putting another in its place. A bare stream is read only if `spent` allows it.
 *
 * @returns the bytes, a little beyond the bound if there are more than an error envelope has; `undefined`
 * if there is no body, or it cannot be looked at without spending it.
 * @throws what the connection threw.
 */
export async function readUnread(
  carrier: object,
  { spent, signal }: { spent: boolean; signal: AbortSignal },
): Promise<Uint8Array | undefined> {
  const source = sourceOf(carrier, spent);
  if (source === undefined) return undefined;
  if (signal.aborted) source.stop();
  signal.addEventListener('abort', source.stop);
  try {
    return await gather(source);
  } finally {
    signal.removeEventListener('abort', source.stop);
  }
}

async function gather({ chunks, max, leave }: Source): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  for (let size = 0; size < max;) {
    const step = await chunks.next();
    if (step.done === true) return Buffer.concat(read);
    const chunk = typeof step.value === 'string' ? Buffer.from(step.value) : step.value;
    size += chunk.byteLength;
    read.push(chunk);
  }
  leave();
  return Buffer.concat(read);
}

function sourceOf(carrier: object, spent: boolean): Source | undefined {
  if (typeof peek(carrier, 'clone') === 'function') return streamSource(cloneOf(carrier as Response), true);
  if (isStreamed(carrier)) {
    const body: Readable = carrier.body;
    const stop = (): void => void body.destroy();
    return { chunks: replay(carrier), max: MAX_BYTES, stop, leave: spent ? stop : () => undefined };
  }
  return spent ? streamSource(peek(carrier, 'data') ?? peek(carrier, 'body'), false) : undefined;
}

/** A body that the caller already reads cannot be cloned, and is not ours to read. */
function cloneOf(response: Response): unknown {
  try {
    return response.clone().body;
  } catch {
    return undefined;
  }
}

function streamSource(stream: unknown, isClone: boolean): Source | undefined {
  if (typeof peek(stream, 'getReader') === 'function') {
    const reader = (stream as ReadableStream<Uint8Array>).getReader();
    // Within fetch's own abort event, undici would pass a cancelled clone on as an unhandled rejection.
    const stop = (): void => {
      queueMicrotask(() => void reader.cancel().catch(() => undefined));
    };
    return {
      chunks: { next: () => reader.read() as ReturnType<Source['chunks']['next']> },
      max: MAX_BYTES,
      stop,
      leave: stop,
    };
  }
  if (typeof peek(stream, 'pipe') !== 'function') return undefined;
  const readable = stream as Readable;
  const stop = (): void => void readable.on('error', () => undefined).destroy();
  const chunks = readable[Symbol.asyncIterator]() as Source['chunks'];
  return { chunks, max: isClone ? MAX_NODE_CLONE : MAX_BYTES, stop, leave: stop };
}
