/** A platform that is compiled against the package's types as they are published, its own declarations included. */
import express, { type Request, type Response } from 'express';
import {
  createLakiConnect,
  defineRequirement,
  en,
  isLakiConnectError,
  type LakiConnectError,
  type Merchant,
  type Outcome,
} from 'lakiconnect-middleware';
import { guarded, lakiconnect } from 'lakiconnect-middleware/express';
import * as forKoa from 'lakiconnect-middleware/koa';
import { om } from 'lakiconnect-middleware/locales/om';
import { so } from 'lakiconnect-middleware/locales/so';
import { ti } from 'lakiconnect-middleware/locales/ti';
import { redisStore, type RedisClient } from 'lakiconnect-middleware/redis';
import { documentedEnvelope } from 'lakiconnect-middleware/schemas';
import { createFakeLakiConnect, matchers, unguardedRoutes } from 'lakiconnect-middleware/testing';

export const payoutAccount = defineRequirement({
  name: 'payoutAccount',
  rule: { status: 409, code: 'PAYOUT_ACCOUNT_MISSING' },
  lookup: async (merchantId, { signal }) => ({ met: !signal.aborted && merchantId !== '' ? true : false }),
});

export const store = (client: RedisClient) => redisStore(client, { prefix: process.env['PREFIX'] });

export const laki = lakiconnect({
  apiKey: process.env['LAKICONNECT_API_KEY'],
  merchantId: (request) => request.params['merchantId'],
  audience: (request) => (request.path.startsWith('/seller') ? 'merchant' : 'customer'),
  rules: { RATE_LIMITED: { status: 429 } },
  locales: [en, om, so, ti],
});
// @ts-expect-error there is no such audience
lakiconnect({ audience: 'seller' });
// @ts-expect-error there is no such kind
lakiconnect({ rules: { RATE_LIMIT: { status: 429 } } });
// @ts-expect-error there is no such option
createLakiConnect({ apikey: 'a:b' });
// @ts-expect-error a name makes no requirement: defineRequirement does
laki.preflight([{ name: 'payoutAccount' }]);
// @ts-expect-error a deadline makes no store: redisStore does
createLakiConnect({ store: { deadlineMs: 25 } });

const named = lakiconnect<Request>({ locale: (request) => request.header('x-language') });
export const { client, counts } = laki;
export const preflight = laki.preflight([payoutAccount], { mode: 'report' });
export const receive = laki.webhook({ secret: ['whsec_1', 'whsec_2'] });
export const answer = laki.errorHandler({ httpErrors: true });
export const withGuards = guarded(laki.requireKycApproved(), laki.requireFeeConfig());

export class Charges {
  @guarded(laki.preflight(), laki.requireIdempotencyKey())
  async create(request: Request<{ merchantId: string }>, response: Response): Promise<void> {
    const merchant: Merchant | undefined = laki.merchant(request);
    const payment = await client.post<{ id: string }>('/payment/direct', { merchantId: merchant?.id });
    response.status(201).json(payment.id.toUpperCase());
  }
}
const charges = new Charges();

const app = express();
app.post('/webhooks/lakiconnect', receive);
app.use(express.json());
app.post('/shops/:merchantId/payouts', preflight, (request, response) => {
  const id: string = request.params.merchantId;
  // @ts-expect-error the path has no such parameter
  response.json({ id, shop: request.params.shop });
});
app.post('/shops/:merchantId/charges', (request, response) => charges.create(request, response));
app.get(
  '/shops/:merchantId',
  withGuards((request: Request, response: Response) => void response.json(laki.merchant(request)?.facts)),
);
app.use('/named', named.errorHandler());
app.use(answer);

export const onKoa = forKoa.lakiconnect({ merchantId: (context) => context.params['merchantId'] });
export const koaMiddleware = [onKoa.errorHandler(), onKoa.webhook({ secret: 'whsec_1' }), onKoa.preflight()];
export const koaGuarded = forKoa.guarded(onKoa.preflight());

export function outcomeOf(thrown: unknown): Outcome | undefined {
  if (!isLakiConnectError(thrown)) return undefined;
  const error: LakiConnectError = thrown;
  // @ts-expect-error it may have none
  error.retryAfterMs.toFixed();
  return error.outcome;
}

export function codeOf(body: unknown): string | undefined {
  return documentedEnvelope.safeParse(body).data?.error.code;
}

export async function tried() {
  const fake = await createFakeLakiConnect();
  fake.failNext('RATE_LIMITED', { retryAfter: 7 });
  return { fake, core: createLakiConnect({ fetch: fake.fetch, baseUrl: fake.baseUrl }), matchers };
}

export const open = unguardedRoutes(app, /charges/);
