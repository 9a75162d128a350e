import type { Settings } from '../settings.js';
import { OVERSIZED } from '../translation/body.js';
import type { ProviderRequest } from './request.js';

/** The largest answer that is read, decoded. */
const MAX_BYTES = 1024 * 1024;

/** An HTTP answer whose body was read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed, if it is JSON; a text, if it is not; `undefined` if it is empty. */
  readonly data: unknown;
}

/**
 * One request and its whole answer. No redirect is followed: it would take the key along.
 *
 * @throws what `fetch` throws, and a SyntaxError, with the answer as its `response`, for a good answer that
 * is no JSON, for an empty one to a payment, and for one without a status.
 */
export async function exchange(
  { url, body, isPayment, ...init }: ProviderRequest,
  signal: AbortSignal,
  { fetch }: Pick<Settings<never>, 'fetch'>,
): Promise<Answer> {
  const response = await fetch(url, { ...init, ...sentOnce(body), redirect: 'manual', signal });
  const { status, headers } = response;
  const text = await textOf(response);
  const { data, isJson } = parsed(text);
  const answer = { status, headers, data };
  const isEmpty = data === undefined || data === null;
  // By the standard of fetch, a redirect that is not followed has the status 0; Node's has its own.
  if (status < 200 || (status <= 299 && (!isJson || (isPayment && isEmpty)))) {
    const message = isEmpty ? 'The answer is empty.' : 'The answer is no JSON.';
    throw Object.assign(new SyntaxError(message), { response: answer });
  }
  return answer;
}

/**
 * A body as a stream. `fetch` sends any other again by itself: Node after a 421, as its standard says, and Deno
 * and Bun after a kept-alive connection that was closed under it, where LakiConnect may have read it. A stream
 * cannot be read twice. `content-length` is among the headers, so that Node and Bun do not send it in chunks; Deno
 * does, over HTTP/1.1.
 * Source: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
function sentOnce(body: Uint8Array | undefined): Pick<RequestInit, 'body' | 'duplex'> {
  return body === undefined ? {} : { body: ReadableStream.from([body]), duplex: 'half' };
}

async function textOf({ body }: Response): Promise<string | typeof OVERSIZED> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) return OVERSIZED; // leaving the loop ends the connection
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function parsed(text: string | typeof OVERSIZED): { data: unknown; isJson: boolean } {
  if (text === OVERSIZED) return { data: OVERSIZED, isJson: false };
  if (text.trim() === '') return { data: undefined, isJson: true };
  try {
    return { data: JSON.parse(text), isJson: true };
  } catch {
    return { data: text, isJson: false };
  }
}
