/** LakiConnect as a function: it answers by script, and its clock is moved by waits alone. */
import {
  createLakiConnect,
  type LakiConnect,
  type LakiConnectError,
  type LakiConnectEvent,
  type Options,
} from 'lakiconnect-middleware';
import { rejection } from './harness.js';

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** As text; `undefined` for none. */
  readonly body: string | undefined;
  readonly at: number;
}

export type Answering = (sent: Sent) => Response | Promise<Response>;

export interface Scripted {
  readonly laki: LakiConnect;
  readonly client: LakiConnect['client'];
  /** What reached the provider, in order. */
  readonly sent: Sent[];
  readonly waits: number[];
  readonly events: LakiConnectEvent[];
  readonly clock: { now: number };
  /** What the next requests get, in order; the last one again and again. */
  answer(...next: Answering[]): void;
}

export const apiKey = 'lk_pub_1:lk_sec_1';
export const baseUrl = 'https://api.example/api/v2';

export function scripted(options: Options = {}): Scripted {
  const sent: Sent[] = [];
  const waits: number[] = [];
  const events: LakiConnectEvent[] = [];
  const clock = { now: Date.parse('2026-01-01') };
  let script: Answering[] = [json(200, {})];
  const laki = createLakiConnect({
    apiKey,
    baseUrl,
    fetch: async (url, { method, headers, body }) => {
      const at = clock.now;
      const text = await new Response(body ?? null).text();
      const request = { url, method, headers: headers as Sent['headers'], body: text || undefined, at };
      sent.push(request);
      return ((script.length > 1 ? script.shift() : script[0]) as Answering)(request);
    },
    now: () => clock.now,
    random: () => 0,
    sleep: async (ms) => {
      waits.push(ms);
      clock.now += ms;
    },
    onEvent: (event) => events.push(event),
    ...options,
  });
  return {
    laki,
    client: laki.client,
    sent,
    waits,
    events,
    clock,
    answer: (...next) => {
      script = next;
    },
  };
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answering =>
  () =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', ...headers },
    });

export const plain =
  (status: number, body: string | null, headers: Record<string, string> = {}): Answering =>
  () =>
    new Response(body, { status, headers });

/** What `fetch` rejects with where the connection failed. */
export const broken =
  (code: string): Answering =>
  () =>
    Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }));

export const never: Answering = () => new Promise(() => undefined);

/** What a promise rejects with, taken for an error of the library's. */
export const failure = (promise: Promise<unknown>) => rejection(promise) as Promise<LakiConnectError>;
