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

export function isStreamed(value: unknown): value is Streamed {
  const body = peek(value, 'body');
  return typeof peek(body, 'dump') === 'function' && peek(body, 'bodyUsed') === false;
}

/**
 * Puts a body of the same class in the place of the one that is about to be read. It gives what `read`
 * has gathered by then, and pulls the rest from the old one.
 */
export function replay(result: Streamed): Pick<AsyncIterator<Uint8Array>, 'next'> {
  const { body } = result;
  const source = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const gathered: IteratorResult<Uint8Array>[] = [];
  const Body = body.constructor as new (options: BodyOptions) => Streamed['body'];
  const copy = new Body({
    resume() {
      const next = gathered.shift();
      const pulled = next === undefined ? source.next() : Promise.resolve(next);
      pulled.then(
        ({ done, value }) => this.push(done === true ? null : value),
        (error: unknown) => this.destroy(error as Error),
      );
    },
    abort: () => body.destroy(),
    contentType: result.headers['content-type'],
  });
  result.body = copy.on('error', () => undefined);
  return {
    async next() {
      const step = await source.next();
      gathered.push(step);
      return step;
    },
  };
}
