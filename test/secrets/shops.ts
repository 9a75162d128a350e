import type { LakiConnectEvent } from 'lakiconnect-middleware';
import type { Laki } from '../adapters/contract/harness.js';
import { logged, oneAnswer, serve, serveUpstream } from '../adapters/contract/server.js';
import { documented } from '../envelopes.js';
import { refusedUrl } from '../upstream.js';
import { API_KEY } from './canaries.js';
import { FRAMEWORKS } from './frameworks.js';
import type { Mode } from './modes.js';
import { logLines } from './sinks.js';
import type { Style } from './styles.js';

const PATIENT_MS = 1800;
const HASTY_MS = 400;

/** What became of one payment in the shop of each framework. */
export interface Failed {
  /** What the routes threw. */
  readonly thrown: readonly unknown[];
  /** What a client or an operator was told, by where. */
  readonly told: Readonly<Record<string, unknown>>;
  readonly statuses: readonly number[];
  /** What the provider was sent. */
  readonly sent: readonly unknown[];
  readonly laki: Laki;
}

/** A shop on every framework, whose payments all fail in one way. `closeServers` ends them. */
export async function openShops(
  modeAt: (elsewhere: string) => Mode,
): Promise<(style: Style) => Promise<Failed>> {
  const elsewhere = await serveUpstream({ status: 403, body: documented('FORBIDDEN') });
  const { answer, timeoutMs } = modeAt(elsewhere.url);
  const upstream = await serveUpstream(answer);
  const baseUrl = answer === undefined ? await refusedUrl() : upstream.url;
  const events: LakiConnectEvent[] = [];
  const thrown: unknown[] = [];
  const options = {
    baseUrl,
    apiKey: API_KEY,
    audience: 'merchant', // who is told the most
    retry: false,
    timeoutMs: timeoutMs === undefined ? PATIENT_MS : HASTY_MS,
    onEvent: (event: LakiConnectEvent) => events.push(event),
  } as const;
  let pay: (laki: Laki) => Promise<unknown>;
  let laki: Laki;
  const route = async (exchange: { readonly laki: Laki }): Promise<void> => {
    try {
      await pay((laki = exchange.laki));
    } catch (error) {
      thrown.push(error);
      throw error;
    }
  };
  const servers = await Promise.all(FRAMEWORKS.map((harness) => serve(harness, { options, route })));

  return async (style) => {
    events.length = thrown.length = upstream.requests.length = 0;
    pay = (laki) => style.pay(laki, { baseUrl, timeoutMs });
    const answers = (await Promise.all(servers.map((server) => server.bytes()))).map(oneAnswer);
    const replied = answers.flatMap(({ headers, body }, at) => {
      const of = String(FRAMEWORKS[at]?.name);
      return [[`the headers of ${of}`, headers] as const, [`the body of ${of}`, body] as const];
    });
    const told = {
      ...Object.fromEntries(replied),
      'the events': [...events],
      'the log lines of the events': logLines(...events),
      'the console': await logged(),
    };
    const statuses = answers.map(({ status }) => status);
    return { thrown: [...thrown], told, statuses, sent: [...upstream.requests], laki };
  };
}
