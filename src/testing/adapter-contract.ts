import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LakiConnect } from '../core.js';
import { createLakiConnect } from '../lakiconnect.js';
import type { WebhookOptions } from '../options.js';
import { ask, type ContractAnswer } from './contract-request.js';
import {
  beginning,
  createHeldRoute,
  describing,
  ending,
  foreign,
  keyed,
  learning,
  limited,
  OF_A_DOWNLOAD,
  type ContractExchange,
} from './contract-routes.js';
import { createFakeLakiConnect, type FakeLakiConnect } from './fake/fake-lakiconnect.js';
import { assertProblem } from './problem.js';

/** What an adapter's author mounts, beside the error handler. */
export interface ContractApp<Req> {
  /** For the adapter, in place of options. */
  readonly laki: LakiConnect<Req>;
  /**
   * The route of `GET /open`, of `POST /guarded` behind `preflight()`, and of `POST /keyed` behind
   * `requireIdempotencyKey()`, with a parser of JSON bodies before it. It is answered with the text that this resolves to.
   */
  readonly route: (exchange: ContractExchange) => Promise<string>;
  /** The options of the receiver at `POST /webhook`. */
  readonly webhook: WebhookOptions;
}

/** Listens with an app, and gives its origin and what ends it. */
export type MountAdapter<Req> = (
  app: ContractApp<Req>,
) => Promise<{ readonly url: string; readonly close: () => unknown }>;

/** One thing that every adapter owes its users. */
export interface AdapterCheck {
  readonly name: string;
  /** @throws AssertionError that tells what came instead. */
  readonly run: () => Promise<void>;
}

/** Options of {@link adapterContract}. */
export interface AdapterContractOptions {
  /**
   * Whether a route may fail after it has begun its answer; `true` by default. `false` leaves out the checks of that, for
   * a framework whose routes return their answer.
   */
  readonly begins?: boolean | undefined;
}

interface Site {
  readonly url: string;
  readonly fake: FakeLakiConnect;
}

const MERCHANT = 'cm_7';

/**
 * Returns the checks that an adapter of one's own has to pass, each with a fake LakiConnect and an app of its own. They
 * work with every test runner.
 *
 * @example
 * for (const { name, run } of adapterContract(mount)) test(name, run);
 */
export function adapterContract<Req>(
  mount: MountAdapter<Req>,
  { begins = true }: AdapterContractOptions = {},
): AdapterCheck[] {
  function check(
    name: string,
    route: ContractApp<Req>['route'],
    verify: (site: Site) => Promise<void>,
    onDelivery?: WebhookOptions['onDelivery'],
  ): AdapterCheck {
    return {
      name,
      async run() {
        const fake = await createFakeLakiConnect();
        fake.merchants.set(MERCHANT, { kycStatus: 'approved', feeConfig: { fee_model: 'FREE' } });
        const { apiKey, baseUrl, webhookSecret: secret } = fake;
        const laki = createLakiConnect<Req>({ apiKey, baseUrl, merchantId: () => MERCHANT, onEvent: false });
        const { url, close } = await mount({ laki, route, webhook: { secret, onDelivery } });
        try {
          await verify({ url, fake });
        } finally {
          await close();
          await Promise.all([laki.close(), fake.close()]);
        }
      },
    };
  }

  const delivered: unknown[] = [];
  const held = createHeldRoute();

  return [
    check('an error of LakiConnect is answered by its reply', limited, async ({ url }) => {
      const answer = await ask(`${url}/open`);
      assertLimited(answer);
      assert.match(String(answer.headers.vary), /accept/i);
    }),
    check("an error of another is the framework's", foreign, async ({ url }) => {
      const { status, headers } = await ask(`${url}/open`);
      assert.equal(status, 500);
      assert.doesNotMatch(String(headers['content-type']), /problem/);
    }),
    check('a reply carries nothing of the answer in whose place it is', describing, async ({ url }) => {
      const answer = await ask(`${url}/open`);
      assertLimited(answer);
      const { headers } = answer;
      const stale = Object.entries(OF_A_DOWNLOAD).filter(([name, value]) => headers[name] === value);
      assert.deepEqual(Object.fromEntries(stale), {}, 'headers of the download are on the error');
      assert.equal(headers['x-frame-options'], 'DENY', 'headers of others stay');
      assert.match(String(headers.vary), /^Origin\b.*\bAccept\b/i, 'vary is appended to');
    }),
    check('a merchant who may be paid passes, and is learnt', learning, async ({ url }) => {
      const { status, body } = await ask(`${url}/guarded`, { method: 'POST' });
      assert.deepEqual([status, body], [200, MERCHANT]);
    }),
    check('a merchant who may not is refused before the route', foreign, async ({ url, fake }) => {
      fake.merchants.set(MERCHANT, { kycStatus: 'pending' });
      assertProblem(await ask(`${url}/guarded`, { method: 'POST' }), 'PAYMENTS_UNAVAILABLE', 409);
    }),
    check(
      'a webhook is verified by its raw body',
      limited,
      async ({ url, fake }) => {
        const event = { event: 'kyc.updated', data: { merchant_id: MERCHANT } };
        const forged = await fake.sendWebhook(`${url}/webhook`, event, { secret: 'another' });
        assert.equal(forged.status, 401);
        assert.deepEqual(delivered, []);
        assert.deepEqual(await fake.sendWebhook(`${url}/webhook`, event), { status: 200, body: '' });
        assert.deepEqual(delivered, [event]);
      },
      (event) => void delivered.push(event),
    ),
    check('a payment without a key is refused, and one with a key passes', keyed, async ({ url }) => {
      assertProblem(await ask(`${url}/keyed`, { method: 'POST' }), 'IDEMPOTENCY_KEY_REQUIRED', 400);
      const { status, body } = await ask(`${url}/keyed`, payment);
      assert.deepEqual([status, body], [200, 'key-1']);
    }),
    check('a key is held until its handler ends, whenever its client leaves', held.route, async ({ url }) => {
      const client = new AbortController();
      const first = ask(`${url}/keyed`, { ...payment, signal: client.signal });
      await Promise.race([held.begun, first]);
      client.abort();
      await assert.rejects(first);
      assertProblem(await ask(`${url}/keyed`, payment), 'IDEMPOTENCY_IN_PROGRESS', 409);
      held.release();
      assert.equal((await untilFree(`${url}/keyed`)).status, 200);
    }),
    ...(begins
      ? [
          check('an answer that has begun breaks off', beginning, async ({ url }) => {
            const { status, body, isWhole } = await ask(`${url}/open`);
            assert.deepEqual([status, body, isWhole], [200, '{"paid":', false]);
          }),
          check('nothing is written after a whole answer', ending, async ({ url }) => {
            const agent = new Agent({ keepAlive: true, maxSockets: 1 });
            try {
              const answers = [await ask(`${url}/open`, { agent }), await ask(`${url}/open`, { agent })];
              const seen = answers.map(({ status, body, isReused }) => [status, body, isReused]);
              assert.deepEqual(seen, [
                [200, 'whole', false],
                [200, 'whole', true],
              ]);
            } finally {
              agent.destroy();
            }
          }),
        ]
      : []),
  ];
}

const payment = { method: 'POST', headers: { 'idempotency-key': 'key-1' } } as const;

/** How often a key is tried that should be free by now, every 10 ms. */
const TRIES = 200;

/** The answer to a payment once no other with its key is under way, or the last that said so. */
async function untilFree(url: string): Promise<ContractAnswer> {
  let answer: ContractAnswer;
  let tries = 0;
  do {
    await sleep(10);
    answer = await ask(url, payment);
    tries++;
  } while (answer.status === 409 && tries < TRIES);
  return answer;
}

function assertLimited(answer: ContractAnswer): void {
  assertProblem(answer, 'RATE_LIMITED', 503);
  assert.equal(answer.headers['retry-after'], '2');
  assert.equal(answer.headers['content-length'], String(Buffer.byteLength(answer.body)));
}
