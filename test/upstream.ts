import type { IncomingHttpHeaders } from 'node:http';
import { createFakeLakiConnect, type Answer } from 'lakiconnect-middleware/testing';

export type { Answer };

interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Upstream {
  origin: string;
  /** Base URL, without a final slash. */
  url: string;
  requests: Received[];
  /** What every following request gets; a function decides per request. */
  answer(next: Answer | ((request: Received) => Answer)): void;
  close(): Promise<void>;
}

/** The fake provider without its knowledge: it answers 200 and an empty object until told otherwise. */
export async function startUpstream(): Promise<Upstream> {
  const fake = await createFakeLakiConnect();
  const requests: Received[] = [];
  let current: Parameters<Upstream['answer']>[0] = { status: 200, body: {} };
  const answering = ({ method, url, headers, text }: (typeof fake.requests)[number]): Answer => {
    const received = { method, url, headers, body: text };
    requests.push(received);
    return typeof current === 'function' ? current(received) : current;
  };
  fake.answerNext(answering, { times: Infinity });

  return {
    origin: new URL(fake.baseUrl).origin,
    url: fake.baseUrl,
    requests,
    answer: (next) => {
      current = next;
    },
    close: fake.close,
  };
}

/** A base URL where nothing listens any more: connection refused. */
export async function refusedUrl(): Promise<string> {
  const upstream = await startUpstream();
  await upstream.close();
  return upstream.url;
}
