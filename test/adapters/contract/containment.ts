import { beforeEach, describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { LakiConnectError, type LakiConnectEvent } from 'lakiconnect-middleware';
import { CLIENTS, type Client } from '../../clients.js';
import { documented } from '../../envelopes.js';
import type { Upstream } from '../../upstream.js';
import type { Harness, Laki } from './harness.js';
import { logged, serve, serveUpstream, type Server } from './server.js';

const [PUBLIC, SECRET] = ['pubcanary4821', 'seccanary7733'] as const;
const KEY = `${PUBLIC}:${SECRET}`;
const [COOKIE, TOKEN, PHONE] = ['cookiecanary', 'tokencanary', '251911223344'] as const;
const CANARIES = [PUBLIC, SECRET, COOKIE, TOKEN, PHONE];

const REFUSAL = {
  status: 401,
  headers: {
    'set-cookie': `sid=${COOKIE}`,
    'www-authenticate': 'Basic realm="LakiConnect"',
    'x-request-id': 'upstream-1',
    server: 'upstream',
  },
  body: documented('UNAUTHORIZED', {
    message: `The key ${KEY} has expired: ${PUBLIC}, ${SECRET}.`,
    details: [{ field: SECRET, issue: `${PUBLIC} is unknown` }],
  }),
};

const THROWN_BARE = ['axios', 'got', 'ky', 'ofetch', 'superagent'];

/** Everything that a log could print of a value. */
function printed(value: unknown): string {
  const all = inspect(value, { depth: Infinity, showHidden: true, getters: true });
  return [all, String(value), (value as Error).stack, JSON.stringify(value)].join('\n');
}

function expectNoCanary(text: string): void {
  expect(CANARIES.filter((canary) => text.includes(canary))).toEqual([]);
}

export function containment(harness: Harness): void {
  let upstream: Upstream;
  beforeEach(async () => {
    upstream = await serveUpstream(REFUSAL);
  });

  const pay = (client: Client) =>
    client.send({
      url: `${upstream.url}/payment?token=${TOKEN}`,
      method: 'POST',
      headers: { 'X-API-Key': KEY },
      json: { phone_number: PHONE },
    });

  /** An app whose route pays; what it told of the failure beside its reply, and what escaped to the platform. */
  async function shop(
    route: (laki: Laki) => Promise<unknown>,
    { apiKey, begun = false }: { apiKey?: string; begun?: boolean },
  ): Promise<{ server: Server; events: LakiConnectEvent[]; escaped: unknown[]; heard: unknown[] }> {
    const events: LakiConnectEvent[] = [];
    const escaped: unknown[] = [];
    const heard: unknown[] = [];
    const server = await serve(harness, {
      options: { baseUrl: upstream.url, apiKey, onEvent: (event) => events.push(event) },
      route: async ({ laki, res }) => {
        if (begun) res.write('first bytes');
        await route(laki);
      },
      own: (error) => escaped.push(error) < 0,
      heard: (error) => heard.push(error),
    });
    return { server, events, escaped, heard };
  }

  async function expectContained(server: Server, events: readonly LakiConnectEvent[]): Promise<void> {
    const bytes = (await server.bytes()).toString();

    expect(bytes).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
    expect(bytes).toContain('"code":"PAYMENTS_UNAVAILABLE"');
    expect(bytes).not.toMatch(/^(set-cookie|www-authenticate|x-request-id|server):/im);
    expect(bytes).not.toMatch(/expired|unknown|127\.0\.0\.1/);
    expect(events.map(({ type }) => type)).toEqual(['translated']);
    expectNoCanary(bytes + JSON.stringify(events));
    expectNoCanary(await logged());
  }

  function expectHarmless(error: unknown): void {
    expect(error).toBeInstanceOf(LakiConnectError);
    expect(error).toMatchObject({ kind: 'UNAUTHORIZED', status: 502, code: 'UNAUTHORIZED', expose: false });
    expect(error).not.toHaveProperty('headers');
    expect(JSON.stringify(error)).not.toContain('expired');
    expectNoCanary(printed(error));
  }

  describe.each(CLIENTS)('$name inside laki.call', (client) => {
    test('gives nothing of a refusal to anyone', async () => {
      let rejection: unknown;
      const route = (laki: Laki) =>
        laki
          .call(() => pay(client), { method: 'POST' })
          .catch((error: unknown) => {
            rejection = error;
            throw error;
          });
      const { server, events } = await shop(route, { apiKey: KEY });

      await expectContained(server, events);
      expectHarmless(rejection);
    });
  });

  describe.each(CLIENTS.filter(({ name }) => THROWN_BARE.includes(name)))('$name thrown bare', (client) => {
    test('gives nothing of a refusal to anyone', async () => {
      const { server, events, escaped, heard } = await shop(() => pay(client), { apiKey: KEY });

      await expectContained(server, events);
      expect(escaped).toEqual([]);
      expect(heard).toHaveLength(harness.framework === 'koa' ? 1 : 0);
      heard.forEach(expectHarmless);
    });

    test('leaves as a harmless error once the response has begun', async () => {
      const { server, escaped } = await shop(() => pay(client), { apiKey: KEY, begun: true });
      const bytes = (await server.bytes()).toString();

      expect(escaped).toHaveLength(1);
      expectHarmless(escaped[0]);
      expectNoCanary(bytes);
    });
  });

  test.each(CLIENTS.filter(({ name }) => THROWN_BARE.includes(name)))(
    '$name thrown bare gives nothing away where only the request had the key',
    async (client) => {
      const { server, events } = await shop(() => pay(client), {});

      await expectContained(server, events);
      expect(JSON.stringify(events)).toContain('[redacted]');
    },
  );
}
