import type { Readable } from 'node:stream';
import { withDeadline } from './deadline.js';

/** Why there is no body: the status to answer with, or that nobody is left to be answered. */
export type NoBody = 408 | 413 | 'gone';

/** Reads a request's body as it came: at most `max` bytes within `ms` milliseconds. The rest is left unread. */
export function readRaw(stream: Readable, max: number, ms: number): Promise<Buffer | NoBody> {
  return withDeadline<Buffer | NoBody>(
    ms,
    (signal) => gather(stream, max, signal),
    () => 408,
  );
}

function gather(stream: Readable, max: number, signal: AbortSignal): Promise<Buffer | NoBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;

    function settle(body: Buffer | NoBody): void {
      stream.off('data', take).off('end', end).off('close', gone).pause();
      resolve(body);
    }
    function take(chunk: Buffer | string): void {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, stream.readableEncoding ?? 'utf8') : chunk;
      size += bytes.byteLength;
      if (size > max) settle(413);
      else chunks.push(bytes);
    }
    function end(): void {
      settle(Buffer.concat(chunks));
    }
    function gone(): void {
      settle('gone');
    }
    signal.addEventListener('abort', gone);
    if (stream.destroyed) gone();
    // What breaks once the body is left is nobody's concern, but must be heard.
    else stream.on('data', take).on('end', end).on('close', gone).on('error', gone).resume();
  });
}
