import express, { type Request } from 'express';
import express4, { type Request as Request4 } from 'express4';
import { expectTypeOf } from 'expect-type';
import { createLakiConnect, type Audience, type LakiConnectError, type Reply } from 'lakiconnect-middleware';
import { lakiconnect } from 'lakiconnect-middleware/express';

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

expectTypeOf(laki.translate(new Error('any'))).toEqualTypeOf<Reply | undefined>();
expectTypeOf(laki.call(() => fetch('https://example.com'))).toEqualTypeOf<Promise<Response>>();
expectTypeOf(laki.call(({ signal }) => signal.aborted)).toEqualTypeOf<Promise<boolean>>();
expectTypeOf<LakiConnectError['status']>().toEqualTypeOf<number>();
expectTypeOf<Audience>().toEqualTypeOf<'merchant' | 'customer'>();

// @ts-expect-error: not an audience
lakiconnect({ audience: 'operator' });
// @ts-expect-error: not a kind
lakiconnect({ rules: { KYC_MISSING: { status: 409 } } });
// @ts-expect-error: not an option
laki.errorHandler({ httpError: true });
