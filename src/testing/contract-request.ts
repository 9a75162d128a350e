import { request, type Agent, type IncomingHttpHeaders } from 'node:http';

/** What came back for a request. */
export interface ContractAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As it came, whatever `content-encoding` says. */
  readonly body: string;
  /** `false` if the connection ended before the body did. */
  readonly isWhole: boolean;
  /** Whether the connection had carried a request before. */
  readonly isReused: boolean;
}

interface ContractRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
  readonly signal?: AbortSignal;
}

/** How long an answer may be awaited, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Sends a request, a `POST` with a small JSON body. @throws Error if no answer begins, or none ends. */
export function ask(url: string, options: ContractRequest = {}): Promise<ContractAnswer> {
  const { method = 'GET', headers = {}, agent, signal = AbortSignal.timeout(PATIENCE_MS) } = options;
  const body = method === 'POST' ? '{"amount":100}' : '';
  const typed = method === 'POST' ? { 'content-type': 'application/json', ...headers } : headers;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: typed, agent, signal }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (text += chunk))
        .on('error', () => undefined) // told by `close`, as an answer that is not whole
        .on('close', () => {
          const { statusCode, headers: received, complete: isWhole } = response;
          const status = statusCode as number;
          resolve({ status, headers: received, body: text, isWhole, isReused: sent.reusedSocket });
        });
    });
    sent.on('error', (cause) => reject(new Error(`There is no answer of ${url}.`, { cause }))).end(body);
  });
}
