/**
 * What the HTTP clients of clients.ts throw and return, made without a connection: each end of a request in the shape
 * that the client gives it. test/synthetic-clients.test.ts compares them with the clients' own.
 */
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { AxiosError, AxiosHeaders } from 'axios';
import { HTTPError } from 'ky';
import * as nodeFetch from 'node-fetch';
import { LakipayError } from './clients.js';

const { Readable: BodyReadable } = createRequire(import.meta.url)('undici/lib/api/readable.js') as {
  readonly Readable: new (options: { resume: () => void; abort: () => void }) => Readable;
};

/** How one request ended, and what the client tells of those before it. */
export type End =
  | {
      readonly is: 'answer';
      readonly status: number;
      readonly type: 'application/json' | 'text/html' | 'text/plain';
      readonly text: string;
      /** After a redirect that the client followed. */
      readonly redirected?: boolean;
    }
  | { readonly is: 'reset' | 'refused' | 'dns' | 'timeout' }
  /** The status and headers came, and a part of the body. */
  | { readonly is: 'cut'; readonly status: number };

/** What a client threw or returned. */
export type Thrown = { readonly threw: unknown } | { readonly returned: unknown };

export interface SyntheticClient {
  /** As in clients.ts. */
  readonly name: string;
  readonly end: (end: End, url: string) => Thrown;
}

type Answer = Extract<End, { is: 'answer' }>;
type Broken = Exclude<End, { is: 'answer' }>;

const threw = (value: unknown): Thrown => ({ threw: value });
const returned = (value: unknown): Thrown => ({ returned: value });
const errorWith = (message: string, parts: object): Error => Object.assign(new Error(message), parts);

const headersOf = ({ type, text }: Answer) => ({
  'content-type': `${type}; charset=utf-8`,
  'content-length': String(Buffer.byteLength(text)),
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const isOk = ({ status }: { readonly status: number }): boolean => status >= 200 && status < 300;

/** What Node's sockets say. */
function systemError(is: 'reset' | 'refused' | 'dns'): Error {
  if (is === 'reset')
    return errorWith('read ECONNRESET', { errno: -104, code: 'ECONNRESET', syscall: 'read' });
  if (is === 'refused') {
    return errorWith('connect ECONNREFUSED 127.0.0.1:1', {
      errno: -111,
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });
  }
  return errorWith('getaddrinfo ENOTFOUND api.example', {
    errno: -3008,
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
  });
}

const timeoutReason = () => new DOMException('The operation was aborted due to timeout', 'TimeoutError');
const terminated = () =>
  new TypeError('terminated', {
    cause: Object.assign(new Error('other side closed'), { name: 'SocketError', code: 'UND_ERR_SOCKET' }),
  });

function fetchFailure(end: Broken): unknown {
  if (end.is === 'timeout') return timeoutReason();
  return end.is === 'cut' ? terminated() : new TypeError('fetch failed', { cause: systemError(end.is) });
}

/** undici's own class, which `dump` and `json` belong to. */
function undiciBody(text: string, error?: Error): Readable {
  let isPushed = false;
  const body: Readable = new BodyReadable({
    resume() {
      if (isPushed) return;
      isPushed = true;
      body.push(text);
      if (error === undefined) body.push(null);
      else setImmediate(() => body.destroy(error));
    },
    abort: () => undefined,
  });
  return body;
}

/** A body that breaks off as it is read. */
const cutStream = (error: Error) =>
  new Readable({
    read() {
      this.push('{');
      this.destroy(error);
    },
  });

/** fetch's own class, of an answer that has come from somewhere. */
function responseOf(end: Answer | { is: 'cut'; status: number }, url: string): Response {
  const body =
    end.is === 'cut'
      ? new ReadableStream({
          pull(controller) {
            controller.error(terminated());
          },
        })
      : [204, 205, 304].includes(end.status)
        ? null
        : end.text;
  const headers =
    end.is === 'cut' ? { 'content-type': 'application/json', 'content-length': '7' } : headersOf(end);
  const response = new Response(body, { status: end.status, headers });
  Object.defineProperties(response, { url: { value: url }, type: { value: 'basic' } });
  if (end.is === 'answer' && end.redirected === true)
    Object.defineProperty(response, 'redirected', { value: true });
  return response;
}

const axiosEnd =
  (doesThrow: boolean): SyntheticClient['end'] =>
  (end, url) => {
    const config = { url, method: 'post', headers: new AxiosHeaders({ 'x-api-key': 'k' }), timeout: 150 };
    const isRedirected = end.is === 'answer' && end.redirected === true;
    const request = { method: 'POST', _redirectable: { _redirectCount: isRedirected ? 1 : 0 } };
    /** Before there is an answer it is follow-redirects' own, which counts under its own name. */
    const sent = { _options: { method: 'POST' }, _redirectCount: 0 };
    if (end.is === 'answer') {
      const headers = new AxiosHeaders(headersOf(end));
      const response = {
        status: end.status,
        statusText: '',
        headers,
        config,
        request,
        data: parsed(end.text),
      };
      if (!doesThrow || isOk(end)) return returned(response);
      const code = end.status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE;
      return threw(
        new AxiosError(
          `Request failed with status code ${String(end.status)}`,
          code,
          config,
          request,
          response,
        ),
      );
    }
    if (end.is === 'cut') {
      const headers = new AxiosHeaders({ 'content-type': 'application/json' });
      const response = { status: end.status, statusText: '', headers, config, request, data: undefined };
      return threw(new AxiosError('stream has been aborted', 'ERR_BAD_RESPONSE', config, request, response));
    }
    if (end.is === 'timeout') {
      return threw(new AxiosError('timeout of 150ms exceeded', 'ECONNABORTED', config, sent));
    }
    const system = systemError(end.is) as Error & { code: string };
    return threw(AxiosError.from(system, system.code, config, sent));
  };

const gotEnd =
  (isJson: boolean): SyntheticClient['end'] =>
  (end, url) => {
    const options = { method: 'POST', headers: { 'x-api-key': 'k' }, url: new URL(url) };
    const redirectUrls = end.is === 'answer' && end.redirected === true ? [new URL(url)] : [];
    const request = { options, requestUrl: new URL(url), redirectUrls, retryCount: 0 };
    const answered = (status: number, rest: object) => ({
      statusCode: status,
      headers: { 'content-type': 'application/json' },
      url,
      requestUrl: new URL(url),
      redirectUrls,
      retryCount: 0,
      request,
      ...rest,
    });
    if (end.is === 'answer') {
      const body = isJson && isOk(end) ? parsed(end.text) : end.text;
      const response = answered(end.status, { headers: headersOf(end), body });
      if (isJson && isOk(end) && typeof body === 'string' && body !== '') {
        const cause = new SyntaxError('Unexpected token in JSON');
        const parts = { name: 'ParseError', code: 'ERR_BODY_PARSE_FAILURE', cause };
        return threw(errorWith(cause.message, { ...parts, response, options, request }));
      }
      // got takes a 3xx that it does not follow for an answer.
      if (end.status < 400) return returned(response);
      const code = 'ERR_NON_2XX_3XX_RESPONSE';
      return threw(
        errorWith('Request failed with status code', { name: 'HTTPError', code, response, options, request }),
      );
    }
    if (end.is === 'cut') {
      const message = 'The server aborted pending request';
      const cause = { name: 'Error', message, code: 'ECONNRESET' };
      const response = answered(end.status, {});
      return threw(
        errorWith(message, { name: 'ReadError', code: 'ECONNRESET', response, options, request, cause }),
      );
    }
    if (end.is === 'timeout') {
      const parts = { name: 'TimeoutError', code: 'ETIMEDOUT', event: 'request' };
      const message = "Timeout awaiting 'request' for 150ms";
      return threw(errorWith(message, { ...parts, options, request, cause: errorWith(message, parts) }));
    }
    const cause = systemError(end.is) as Error & { code: string };
    return threw(
      errorWith(cause.message, { name: 'RequestError', code: cause.code, cause, options, request }),
    );
  };

const kyEnd: SyntheticClient['end'] = (end, url) => {
  const request = new Request(url, { method: 'POST', headers: { 'x-api-key': 'k' } });
  if (end.is === 'timeout') {
    return threw(errorWith('Request timed out', { name: 'TimeoutError', request }));
  }
  if (end.is === 'answer' || (end.is === 'cut' && !isOk(end))) {
    if (!isOk(end)) {
      return threw(new HTTPError(responseOf(end, url), request, { method: 'POST' } as never));
    }
    return jsonOf(end as Answer);
  }
  return threw(fetchFailure(end));
};

/** What a body says to who calls `.json()`. */
function jsonOf({ text }: Answer): Thrown {
  try {
    return returned(JSON.parse(text) as unknown);
  } catch (error) {
    return threw(error);
  }
}

const ofetchEnd: SyntheticClient['end'] = (end, url) => {
  const failed = (parts: object, cause?: unknown) =>
    threw(
      Object.assign(new Error(`[POST] "${url}"`, cause === undefined ? undefined : { cause }), {
        name: 'FetchError',
        request: url,
        options: { method: 'POST', headers: { 'x-api-key': 'k' } },
        ...parts,
      }),
    );
  if (end.is === 'answer') {
    const data = parsed(end.text);
    if (isOk(end)) return returned(data);
    const response = responseOf(end, url);
    Object.defineProperty(response, 'bodyUsed', { value: true });
    return failed({
      response: Object.assign(response, { _data: data }),
      data,
      status: end.status,
      statusCode: end.status,
    });
  }
  if (end.is === 'cut') return threw(terminated());
  const cause = end.is === 'timeout' ? timeoutReason() : fetchFailure(end);
  return failed({}, cause);
};

const fetchEnd: SyntheticClient['end'] = (end, url) =>
  end.is === 'answer' || end.is === 'cut' ? returned(responseOf(end, url)) : threw(fetchFailure(end));

const fetchJsonEnd: SyntheticClient['end'] = (end) =>
  end.is === 'answer' ? jsonOf(end) : threw(fetchFailure(end));

const undiciEnd =
  (doesThrow: boolean): SyntheticClient['end'] =>
  (end) => {
    const closed = () => errorWith('other side closed', { name: 'SocketError', code: 'UND_ERR_SOCKET' });
    if (end.is === 'answer') {
      const headers = headersOf(end);
      if (doesThrow && end.status >= 400) {
        // undici leaves out what is neither JSON nor a text.
        const isLeftOut = end.type === 'text/html';
        const body = isLeftOut ? '' : end.type === 'application/json' ? parsed(end.text) : end.text;
        return threw(
          errorWith('Response Error', {
            name: 'ResponseError',
            code: 'UND_ERR_RESPONSE',
            statusCode: end.status,
            headers,
            body,
          }),
        );
      }
      return returned({
        statusCode: end.status,
        headers,
        body: undiciBody(end.text),
        trailers: {},
      });
    }
    if (end.is === 'cut') {
      if (doesThrow && end.status >= 400) return threw(closed());
      const headers = { 'content-type': 'application/json', 'content-length': '7' };
      return returned({ statusCode: end.status, headers, body: undiciBody('{', closed()), trailers: {} });
    }
    if (end.is === 'timeout') {
      const parts = { name: 'HeadersTimeoutError', code: 'UND_ERR_HEADERS_TIMEOUT' };
      return threw(errorWith('Headers Timeout Error', parts));
    }
    return threw(systemError(end.is));
  };

function nodeFetchFailure(end: Broken, url: string): unknown {
  if (end.is === 'timeout') return new nodeFetch.AbortError('The operation was aborted.');
  if (end.is === 'cut') {
    return new nodeFetch.FetchError(`Invalid response body while trying to fetch ${url}`, 'system', {
      code: 'ECONNRESET',
      errno: 'ECONNRESET',
    });
  }
  return new nodeFetch.FetchError(`request to ${url} failed`, 'system', systemError(end.is) as never);
}

const nodeFetchEnd: SyntheticClient['end'] = (end, url) => {
  if (end.is !== 'answer' && end.is !== 'cut') return threw(nodeFetchFailure(end, url));
  const headers =
    end.is === 'answer' ? headersOf(end) : { 'content-type': 'application/json', 'content-length': '7' };
  const body =
    end.is === 'answer'
      ? Readable.from([Buffer.from(end.text)])
      : cutStream(errorWith('aborted', { code: 'ECONNRESET' }));
  const counter = end.is === 'answer' && end.redirected === true ? 1 : 0;
  return returned(new nodeFetch.Response(body, { status: end.status, headers, url, counter } as never));
};

const superagentEnd: SyntheticClient['end'] = (end, url) => {
  if (end.is === 'answer') {
    const headers = headersOf(end);
    const body = end.type === 'application/json' ? parsed(end.text) : {};
    if (end.type === 'application/json' && typeof body === 'string' && body !== '') {
      const { status } = end;
      return threw(
        Object.assign(new SyntaxError('Unexpected end of JSON input'), {
          rawResponse: end.text,
          statusCode: status,
          status,
          headers,
        }),
      );
    }
    const redirects = end.redirected === true ? [url] : [];
    const request = { method: 'POST', url, header: { 'x-api-key': 'k' } };
    const response = {
      request,
      req: { method: 'POST' },
      text: end.text,
      headers,
      header: headers,
      body,
      redirects,
    };
    const answer = { ...response, statusCode: end.status, status: end.status, type: end.type };
    return isOk(end)
      ? returned(answer)
      : threw(errorWith('Bad Request', { status: end.status, response: answer }));
  }
  if (end.is === 'timeout') {
    return threw(
      errorWith('Timeout of 150ms exceeded', { timeout: 150, code: 'ECONNABORTED', errno: 'ETIME' }),
    );
  }
  return threw(
    end.is === 'cut' ? errorWith('aborted', { code: 'ECONNRESET', response: null }) : systemError(end.is),
  );
};

const needleEnd: SyntheticClient['end'] = (end) => {
  if (end.is === 'answer') {
    const body = end.type === 'application/json' ? parsed(end.text) : end.text;
    return returned(
      Object.assign(Readable.from([]), {
        statusCode: end.status,
        headers: headersOf(end),
        body,
        raw: Buffer.from(end.text),
        req: { method: 'POST' },
        url: '',
      }),
    );
  }
  if (end.is === 'timeout') return threw(errorWith('socket hang up', { code: 'ECONNRESET' }));
  return threw(end.is === 'cut' ? new Error('read timeout') : systemError(end.is));
};

const sdkEnd: SyntheticClient['end'] = (end, url) => {
  if (end.is !== 'answer') return threw(nodeFetchFailure(end, url));
  const body = parsed(end.text);
  if (!isOk(end)) {
    const message = `Lakipay API error: ${String(end.status)}`;
    return threw(new LakipayError(message, { status: end.status, details: body }));
  }
  const envelope = (typeof body === 'string' ? {} : body) as {
    status?: unknown;
    message?: unknown;
    data?: unknown;
  };
  if (envelope.status === 'SUCCESS') return returned(envelope.data ?? {});
  return threw(new LakipayError(`Lakipay API error: ${String(envelope.message)}`, { details: envelope }));
};

export const SYNTHETIC_CLIENTS: readonly SyntheticClient[] = [
  { name: 'axios', end: axiosEnd(true) },
  { name: 'axios-validate-all', end: axiosEnd(false) },
  { name: 'got', end: gotEnd(false) },
  { name: 'got-json', end: gotEnd(true) },
  { name: 'ky', end: kyEnd },
  { name: 'ofetch', end: ofetchEnd },
  { name: 'fetch', end: fetchEnd },
  { name: 'fetch-json', end: fetchJsonEnd },
  { name: 'undici', end: undiciEnd(false) },
  { name: 'undici-response-error', end: undiciEnd(true) },
  { name: 'node-fetch', end: nodeFetchEnd },
  { name: 'superagent', end: superagentEnd },
  { name: 'needle', end: needleEnd },
  { name: 'sdk', end: sdkEnd },
];
