import Koa, { type Context } from 'koa';
import Koa2 from 'koa2';
import { expectTypeOf } from 'expect-type';
import { lakiconnect } from 'lakiconnect-middleware/koa';

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
