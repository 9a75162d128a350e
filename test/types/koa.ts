import Router, { type RouterContext } from '@koa/router';
import Koa, { type Context, type Middleware } from 'koa';
import Koa2, { type Middleware as Middleware2 } from 'koa2';
import { expectTypeOf } from 'expect-type';
import type { Merchant, MerchantClient } from 'lakiconnect-middleware';
import { guarded, lakiconnect } from 'lakiconnect-middleware/koa';

const laki = lakiconnect({
  apiKey: process.env['LAKICONNECT_API_KEY'],
  audience: (context) => {
    expectTypeOf(context.params['merchantId']).toEqualTypeOf<string | undefined>();
    return context.path.startsWith('/seller') ? 'merchant' : 'customer';
  },
  locale: (context) => context.get('x-language'),
});

new Koa().use(laki.errorHandler());
new Koa2().use(laki.errorHandler({ httpErrors: true }));
new Koa<{ user: string }>().use(laki.errorHandler()).use((context) => {
  expectTypeOf(context.state.user).toEqualTypeOf<string>();
});

const named = lakiconnect<Context>({ audience: (context) => (context.secure ? 'merchant' : 'customer') });
new Koa().use(named.errorHandler({ audience: 'merchant' }));

const cautious = {
  merchantId: undefined,
  audience: undefined,
  whenUndetermined: undefined,
  mode: undefined,
};

new Koa<{ user: string }>()
  .use(laki.webhook({ secret: process.env['LAKICONNECT_WEBHOOK_SECRET'] }))
  .use(laki.preflight(undefined, cautious))
  .use(laki.requireKycApproved({ merchantId: async (context) => context.params['id'] }))
  .use((context) => {
    expectTypeOf(context.state.user).toEqualTypeOf<string>();
    expectTypeOf(laki.merchant(context)).toEqualTypeOf<Merchant | undefined>();
    expectTypeOf(laki.clientFor(context)).toEqualTypeOf<MerchantClient>();
  });
new Koa2().use(laki.preflight()).use((context) => {
  expectTypeOf(laki.merchant(context)?.facts).toEqualTypeOf<Readonly<Record<string, unknown>> | undefined>();
});
new Router<{ user: string }>().post('/shops/:id', laki.preflight(), laki.requireFeeConfig(), (context) => {
  expectTypeOf(context.params['id']).toEqualTypeOf<string | undefined>();
  expectTypeOf(context.state.user).toEqualTypeOf<string>();
  expectTypeOf(laki.merchant(context)).toEqualTypeOf<Merchant | undefined>();
});

const handler = async (context: RouterContext): Promise<void> => {
  context.body = await Promise.resolve(context.params['id']);
};
expectTypeOf(guarded(laki.preflight(), laki.requireFeeConfig())(handler)).toEqualTypeOf<typeof handler>();
expectTypeOf(guarded(laki.preflight())((() => undefined) as Middleware)).toEqualTypeOf<Middleware>();
expectTypeOf(guarded(laki.preflight())((() => undefined) as Middleware2)).toEqualTypeOf<Middleware2>();
new Router()
  .post('/shops/:id', guarded(laki.preflight())(handler))
  .post('/shops/:id/charges', laki.preflight(), handler)
  .use(laki.preflight());

class Charges {
  #paid = 0;
  @guarded(laki.preflight())
  pay(context: Context): void {
    context.body = String(this.#paid++);
  }
}
expectTypeOf(new Charges().pay).parameters.toEqualTypeOf<[Context]>();
expectTypeOf(new Charges().pay).returns.toEqualTypeOf<void>();

// @ts-expect-error: not a mode
laki.requireFeeConfig({ mode: 'dry-run' });
// @ts-expect-error: a webhook needs its secret
laki.webhook({});
// @ts-expect-error: a route is no handler
guarded(laki.preflight())('/shops/:id');
