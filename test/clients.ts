/**
 * The HTTP clients an application may call LakiConnect with, each in its idiomatic way and none retrying.
 * `send` throws or returns whatever the client does: that is what the library has to recognise.
 */
import axios from 'axios';
import got, { type OptionsInit } from 'got';
import ky from 'ky';
import needle from 'needle';
import nodeFetch from 'node-fetch';
import { ofetch } from 'ofetch';
import superagent from 'superagent';
import { Agent, interceptors, request as undiciRequest, type Dispatcher } from 'undici';

export interface Call {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  json?: unknown;
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface Client {
  name: string;
  /** Returns 4xx and 5xx instead of throwing. */
  returns: boolean;
  /** Resolves to the parsed body, not to a response. */
  parsed: boolean;
  send(call: Call): Promise<unknown>;
}

export const CLIENTS: readonly Client[] = [
  {
    name: 'axios',
    returns: false,
    parsed: false,
    send: (call) => axios(axiosOptions(call)),
  },
  {
    name: 'axios-validate-all',
    returns: true,
    parsed: false,
    send: (call) => axios({ ...axiosOptions(call), validateStatus: () => true }),
  },
  {
    name: 'got',
    returns: false,
    parsed: false,
    send: async (call) => await got(call.url, gotOptions(call)),
  },
  {
    name: 'got-json',
    returns: false,
    parsed: false,
    send: async (call) => await got(call.url, { ...gotOptions(call), responseType: 'json' }),
  },
  {
    name: 'ky',
    returns: false,
    parsed: true,
    send: ({ url, method, headers, json, timeoutMs, signal }) =>
      ky(url, { ...given({ method, headers, json, signal, timeout: timeoutMs }), retry: 0 }).json(),
  },
  {
    name: 'ofetch',
    returns: false,
    parsed: true,
    send: ({ url, method, headers, json, timeoutMs, signal }) =>
      ofetch(url, {
        ...given({ method, headers, body: json as object | undefined, signal, timeout: timeoutMs }),
        retry: 0,
      }),
  },
  {
    name: 'fetch',
    returns: true,
    parsed: false,
    send: (call) => fetch(call.url, fetchOptions(call)),
  },
  {
    name: 'fetch-json',
    returns: true,
    parsed: true,
    send: async (call) => (await fetch(call.url, fetchOptions(call))).json(),
  },
  {
    name: 'undici',
    returns: true,
    parsed: false,
    send: (call) => undiciRequest(call.url, undiciOptions(call)),
  },
  {
    name: 'undici-response-error',
    returns: false,
    parsed: false,
    send: (call) => undiciRequest(call.url, { ...undiciOptions(call), dispatcher: throwing }),
  },
  {
    name: 'node-fetch',
    returns: true,
    parsed: false,
    send: (call) => nodeFetch(call.url, fetchOptions(call)),
  },
  {
    name: 'superagent',
    returns: false,
    parsed: false,
    send: async ({ url, method = 'GET', headers = {}, json, timeoutMs, signal }) => {
      const request = superagent(method, url).set(headers).retry(0);
      if (json !== undefined) void request.send(json as object);
      if (timeoutMs !== undefined) void request.timeout(timeoutMs);
      signal?.throwIfAborted(); // superagent takes no signal
      signal?.addEventListener('abort', () => void request.abort(), { once: true });
      return await request;
    },
  },
  {
    name: 'needle',
    returns: true,
    parsed: false,
    send: ({ url, method = 'GET', headers, json, timeoutMs, signal }) => {
      const timeouts = { open_timeout: timeoutMs, response_timeout: timeoutMs, read_timeout: timeoutMs };
      const options = given({ headers, signal, json: json === undefined ? undefined : true, ...timeouts });
      return needle(method === 'GET' ? 'get' : 'post', url, (json ?? null) as needle.BodyData, options);
    },
  },
  {
    name: 'sdk',
    returns: false,
    parsed: true,
    send: sdkRequest,
  },
];

const throwing = new Agent().compose(interceptors.responseError());

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The options that were given: some clients refuse a key whose value is undefined. */
function given<T extends object>(options: T): Given<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
}

function axiosOptions({ url, method, headers, json, timeoutMs, signal }: Call) {
  return { url, ...given({ method, headers, data: json, timeout: timeoutMs, signal }) };
}

function gotOptions({ method, headers, json, timeoutMs, signal }: Call) {
  const timeout = timeoutMs === undefined ? undefined : { request: timeoutMs };
  return { ...given({ method, headers, json, timeout, signal }), retry: { limit: 0 } } satisfies OptionsInit;
}

function fetchOptions({ method, headers, json, timeoutMs, signal }: Call) {
  const deadline = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const either = signal && deadline ? AbortSignal.any([signal, deadline]) : (signal ?? deadline);
  return given({ method, signal: either, ...jsonBody(json, headers) });
}

function undiciOptions({ method, headers, json, timeoutMs, signal }: Call) {
  const timeouts = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  return given({
    method: method satisfies Dispatcher.HttpMethod | undefined,
    signal,
    ...timeouts,
    ...jsonBody(json, headers),
  });
}

function jsonBody(json: unknown, headers?: Record<string, string>) {
  if (json === undefined) return { headers };
  return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(json) };
}

export class LakipayError extends Error {
  status: number | undefined;
  code: string | undefined;
  details: unknown;

  constructor(message: string, parts: { status?: number; details?: unknown } = {}) {
    super(message);
    this.name = 'LakipayError';
    this.status = parts.status;
    this.code = undefined; // the provider's SDK never sets it
    this.details = parts.details;
  }
}

/**
 * How the provider's own SDK behaves, its retries off: no headers survive, the timer stops before the body is read,
 * and whatever does not say "SUCCESS" is thrown, a payment that was started included.
 */
async function sdkRequest({
  url,
  method,
  headers,
  json,
  timeoutMs = 15_000,
  signal,
}: Call): Promise<unknown> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = () => {
    controller.abort();
  };
  const timer = setTimeout(abort, timeoutMs).unref();
  signal?.addEventListener('abort', abort, { once: true });
  const response = await nodeFetch(url, {
    ...given({ method, ...jsonBody(json, headers) }),
    signal: controller.signal,
  });
  clearTimeout(timer);

  const body = await response.text();
  let parsed: { status?: unknown; message?: unknown; data?: unknown } | undefined;
  try {
    parsed = JSON.parse(body) as typeof parsed;
  } catch {
    parsed = undefined;
  }
  if (!response.ok) {
    throw new LakipayError(`Lakipay API error: ${String(response.status)}`, {
      status: response.status,
      details: parsed ?? body,
    });
  }
  const envelope = parsed ?? {};
  if (envelope.status !== 'SUCCESS') {
    throw new LakipayError(`Lakipay API error: ${String(envelope.message)}`, { details: envelope });
  }
  return envelope.data ?? {};
}
