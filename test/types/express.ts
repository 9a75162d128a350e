import express, { type Request, type RequestHandler, type Response } from 'express';
import express4, { type Request as Request4, type RequestHandler as RequestHandler4 } from 'express4';
import { expectTypeOf } from 'expect-type';
import {
  createLakiConnect,
  defineRequirement,
  type Audience,
  type LakiConnectError,
  type Merchant,
  type MerchantClient,
  type MerchantClientOptions,
  type Reply,
} from 'lakiconnect-middleware';
import { guarded, lakiconnect } from 'lakiconnect-middleware/express';

const laki = lakiconnect({
  apiKey: process.env['LAKICONNECT_API_KEY'],
  baseUrl: process.env['LAKICONNECT_BASE_URL'],
  audience: (request) => {
    expectTypeOf(request.params['merchantId']).toEqualTypeOf<string | undefined>();
    return request.path.startsWith('/seller') ? 'merchant' : 'customer';
  },
  locale: (request) => request.get('x-language'),
  timeoutMs: undefined,
});

express()
  .get('/shops/:merchantId', (request, response) => {
    expectTypeOf(request.params.merchantId).toEqualTypeOf<string>();
    response.json({});
  })
  .use(laki.errorHandler())
  .use('/api', laki.errorHandler({ audience: 'merchant', httpErrors: true }));
express4()
  .use(laki.errorHandler())
  .use('/api', laki.errorHandler({ forward: true }));

const named = lakiconnect<Request>({ audience: (request) => (request.secure ? 'merchant' : 'customer') });
express().use(named.errorHandler({ audience: (request) => (request.xhr ? 'merchant' : 'customer') }));

const named4 = lakiconnect<Request4>({
  locale: ({ cookies }: { cookies: { lang?: string } }) => cookies.lang,
});
express4().use(named4.errorHandler());

const core = createLakiConnect<Request>({
  merchantId: (request) => request.params['id'] as string | undefined,
});
express().use(lakiconnect(core).errorHandler());

express().post('/shops/:id/charges', laki.preflight(), async (request, response) => {
  const client = laki.clientFor(request);
  expectTypeOf(client).toEqualTypeOf<MerchantClient>();
  expectTypeOf<keyof MerchantClientOptions>().toEqualTypeOf<'body' | 'query' | 'idempotencyKey' | 'signal'>();
  expectTypeOf(await client.post<{ id: string }>('/x', { body: request.body })).toEqualTypeOf<{
    id: string;
  }>();
  // @ts-expect-error The guards have named the merchant.
  await client.post('/x', { merchantId: 'cm_1' });
  // @ts-expect-error A payment is no options.
  await laki.client.post('/x', { amount: 1 });
  await client.get('/x', { query: { page: 1, status: ['a', undefined], all: true, q: undefined } });
  response.end();
});
express4().post('/shops/:id/charges', laki.preflight(), (request) => void laki.clientFor(request).get('/x'));

const payoutAccount = defineRequirement({
  name: 'payoutAccount',
  rule: { status: 409, code: 'PAYOUT_ACCOUNT_MISSING', level: undefined },
  messages: undefined,
  lookup: async (merchantId) => (merchantId === '' ? { met: false, reason: undefined } : { met: true }),
});

laki.webhook({
  secret: process.env['LAKICONNECT_WEBHOOK_SECRET'],
  merchantIds: undefined,
  onDelivery: async (event) => void event['type'],
});
const cautious = {
  merchantId: undefined,
  audience: undefined,
  whenUndetermined: undefined,
  mode: undefined,
};

express()
  .post('/webhooks', laki.webhook({ secret: 'whsec_1' }))
  .post('/shops/:id', laki.preflight(), (request, response) => {
    expectTypeOf(request.params.id).toEqualTypeOf<string>();
    expectTypeOf(response).toExtend<Response>();
    expectTypeOf(laki.merchant(request)).toEqualTypeOf<Merchant | undefined>();
    expectTypeOf(laki.merchant(request)?.kycStatus).toEqualTypeOf<string | undefined>();
    expectTypeOf(laki.merchant(request)?.feeConfig).toEqualTypeOf<object | undefined>();
  })
  .post('/:shop/:id', laki.preflight([payoutAccount], cautious), laki.requireFeeConfig(), (request) => {
    expectTypeOf([request.params.shop, request.params.id]).toEqualTypeOf<string[]>();
  })
  .use('/shops/:id', laki.requireKycApproved({ merchantId: async (request) => request.params['id'] }))
  .get(
    '/shops/:id',
    guarded(laki.preflight())((request: Request<{ id: string }>, response: Response) => {
      expectTypeOf(request.params.id).toEqualTypeOf<string>();
      response.json({});
    }),
  );
express.Router().post('/:id', laki.preflight(), (request) => {
  expectTypeOf(request.params.id).toEqualTypeOf<string>();
});
express4()
  .post('/webhooks', laki.webhook({ secret: ['whsec_1', 'whsec_2'] }))
  .post('/shops/:id', laki.preflight(), laki.requireKycApproved(cautious), (request) => {
    expectTypeOf(request.params.id).toEqualTypeOf<string>();
    expectTypeOf(laki.merchant(request)).toEqualTypeOf<Merchant | undefined>();
  });

const asked = lakiconnect<Request>({ merchantId: (request) => request.header('x-merchant') });
express().use(asked.preflight(undefined, { audience: (request) => (request.xhr ? 'merchant' : 'customer') }));

const handler = (request: Request<{ id: string }>, response: Response): string =>
  request.params.id + String(response.statusCode);
expectTypeOf(guarded(laki.preflight(), laki.requireFeeConfig())(handler)).toEqualTypeOf<typeof handler>();
expectTypeOf(guarded(laki.preflight())((() => undefined) as RequestHandler)).toEqualTypeOf<RequestHandler>();
expectTypeOf(
  guarded(laki.preflight())((() => undefined) as RequestHandler4),
).toEqualTypeOf<RequestHandler4>();

class Charges {
  #paid = 0;
  @guarded(laki.preflight())
  async pay(request: Request<{ id: string }>, response: Response): Promise<void> {
    response.json({ id: request.params.id, paid: this.#paid++ });
  }
}
const charges = new Charges();
expectTypeOf(charges.pay).parameters.toEqualTypeOf<[Request<{ id: string }>, Response]>();
expectTypeOf(charges.pay).returns.toEqualTypeOf<Promise<void>>();
express().post('/shops/:id', (request, response) => charges.pay(request, response));

expectTypeOf(laki.check('cm_1')).toEqualTypeOf<Promise<Merchant>>();
expectTypeOf(
  laki.client.post<{ id: string }>('/payment/direct', { body: {}, merchantId: undefined }),
).toEqualTypeOf<Promise<{ id: string }>>();
expectTypeOf(laki.client.get('/payment')).toEqualTypeOf<Promise<unknown>>();

expectTypeOf(laki.translate(new Error('any'))).toEqualTypeOf<Reply | undefined>();
expectTypeOf(laki.call(() => fetch('https://example.com'))).toEqualTypeOf<Promise<globalThis.Response>>();
expectTypeOf(laki.call(({ signal }) => signal.aborted)).toEqualTypeOf<Promise<boolean>>();
expectTypeOf<LakiConnectError['status']>().toEqualTypeOf<number>();
expectTypeOf<Audience>().toEqualTypeOf<'merchant' | 'customer'>();

// @ts-expect-error: not an audience
lakiconnect({ audience: 'operator' });
// @ts-expect-error: not a kind
lakiconnect({ rules: { KYC_MISSING: { status: 409 } } });
// @ts-expect-error: not an option
laki.errorHandler({ httpError: true });
// @ts-expect-error: not a mode
laki.preflight(undefined, { mode: 'dry-run' });
// @ts-expect-error: options come after the requirements
laki.preflight({ mode: 'report' });
// @ts-expect-error: a GET has no body
void laki.client.get('/payment', { body: {} });
// @ts-expect-error: no handler
guarded(laki.preflight())({});
// @ts-expect-error: two handlers
guarded(laki.preflight())(handler, handler);
// @ts-expect-error: the core does not hand its doors on
laki.guard();
