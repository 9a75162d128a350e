import type { Readable } from 'node:stream';
import { peek } from '../translation/plain.js';

/** undici's `request()` result: its body is a stream that can be read once. */
export interface Streamed {
  body: Readable & { dump: unknown };
  readonly headers: Readonly<Record<string, unknown>>;
}

interface BodyOptions {
  resume: (this: Readable) => void;
  abort: () => void;
  contentType: unknown;
}

/** Whether a value is such a result, and a body can be put in the place of its own. */
export function isStreamed(value: unknown): value is Streamed {
  const body = peek(value, 'body');
  return (
    typeof peek(body, 'dump') === 'function' &&
    peek(body, 'bodyUsed') === false &&
    Object.getOwnPropertyDescriptor(value, 'body')?.writable === true
  );
}

/** A body that is read once, and after `restore` can be read again from its beginning. */
export interface Replay {
  readonly next: () => Promise<IteratorResult<Uint8Array>>;
  /** Puts a body of the same class in its place, which holds what was read and pulls the rest. */
  readonly restore: () => void;
}

export function replay(result: Streamed): Replay {
  const { body } = result;
  const source = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
  const read: (Uint8Array | null)[] = [];

  async function next(): Promise<IteratorResult<Uint8Array>> {
    const step = await source.next();
    read.push(step.done === true ? null : step.value);
    return step;
  }

  function restore(): void {
    const Body = body.constructor as new (options: BodyOptions) => Streamed['body'];
    const pull = pullOnce(source);
    const copy = new Body({
      resume() {
        pull(this);
      },
      abort: () => body.destroy(),
      contentType: result.headers['content-type'],
    });
    for (const chunk of read) copy.push(chunk);
    result.body = copy.on('error', () => undefined);
  }

  return { next, restore };
}

/** Pushes from `source` for as long as more is wanted; undici's own consumers ask only once. */
function pullOnce(source: AsyncIterator<Uint8Array, undefined>): (copy: Readable) => void {
  let isAsked = false;
  let isPulling = false;
  async function pull(copy: Readable): Promise<void> {
    while (isAsked) {
      isAsked = false;
      const { done, value } = await source.next();
      isAsked = (copy.push(done === true ? null : value) || isAsked) && done !== true;
    }
    isPulling = false;
  }
  return (copy) => {
    isAsked = true;
    if (isPulling) return;
    isPulling = true;
    pull(copy).catch((error: unknown) => copy.destroy(error as Error));
  };
}
