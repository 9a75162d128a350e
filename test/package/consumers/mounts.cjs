const assert = require('node:assert/strict');
const { createHmac } = require('node:crypto');
const { once } = require('node:events');
const { createServer } = require('node:http');

const expiredKey = () =>
  Object.assign(new Error('x'), {
    isAxiosError: true,
    config: { url: 'https://api.lakipay.co/api/v2/payment/direct', method: 'post' },
    response: {
      status: 401,
      headers: { 'set-cookie': 'a=b', 'www-authenticate': 'Basic' },
      data: { error: { code: 'UNAUTHORIZED', message: 'bad key' }, request_id: 'req_1' },
    },
  });
const foreign = () => Object.assign(new Error('nope'), { status: 418 });

function route(path) {
  throw path === '/foreign' ? foreign() : expiredKey();
}

const secret = 'whsec_1';
const webhook = '{"merchant_id":"cm_1"}';
const signature = `sha256=${createHmac('sha256', secret).update(webhook).digest('hex')}`;

const options = {
  merchantId: () => 'cm_1',
  lookups: { kycStatus: () => 'pending', feeConfig: () => ({ fee_model: 'FREE' }) },
};
const neverReached = () => assert.fail('a guard let it pass');

function onExpress(express, { lakiconnect, guarded }) {
  const laki = lakiconnect(options);
  const app = express().set('env', 'test');
  app.post('/webhook', laki.webhook({ secret }));
  app.get('/guarded', laki.preflight(), neverReached);
  app.get('/wrapped', guarded(laki.requireKycApproved())(neverReached));
  app.use((req, _res, _next) => route(req.path));
  app.use(laki.errorHandler());
  return app;
}

function onKoa(Koa, { lakiconnect, guarded }) {
  const laki = lakiconnect(options);
  const app = new Koa();
  const on = (path, middleware) =>
    app.use((ctx, next) => (ctx.path === path ? middleware(ctx, next) : next()));
  app.silent = true;
  app.use(laki.errorHandler());
  on('/webhook', laki.webhook({ secret }));
  on('/guarded', laki.preflight());
  on('/wrapped', guarded(laki.requireKycApproved())(neverReached));
  app.use((ctx) => route(ctx.path));
  return app.callback();
}

/** Without any client of Redis installed. */
function shares({ redisStore }) {
  assert.throws(() => redisStore({}), /node-redis/);
  assert.equal(redisStore({ evalSha() {}, duplicate() {} }).deadlineMs, 25);
}

/** Of CommonJS modules, which are not joined, each file that was loaded is known. */
function loadedNoMore() {
  const messages = Object.keys(require.cache).filter((path) => /messages.\w+\.js$/.test(path));
  assert(messages.some((path) => /messages.am\.js$/.test(path)));
  assert(!messages.some((path) => /messages.(om|so|ti)\.js$/.test(path)));
  assert(!Object.keys(require.cache).some((path) => /opentelemetry|openapi|src.cli/.test(path)));
}

function speaks(createLakiConnect, locales) {
  const laki = createLakiConnect({ locales });
  const refusal = { error: { code: 'NOT_FOUND' }, request_id: 'req_1' };
  for (const { tag, texts } of locales) {
    const { title } = laki.translate(refusal, { acceptLanguage: `${tag}-ET` }).problem;
    assert.equal(title, texts.NOT_FOUND.customer.title);
  }
}

/** With OpenTelemetry's API alone, which does nothing. */
async function measures({ instrument }, createLakiConnect) {
  const laki = createLakiConnect(options);
  const end = instrument(laki);
  await assert.rejects(laki.check('cm_1'), { kind: 'KYC_NOT_APPROVED' });
  end();
}

function describes({ errorResponses }, laki) {
  const { components, responses } = errorResponses(laki);
  assert.deepEqual(Object.keys(components.schemas), ['LakiConnectProblem']);
  assert.match(responses[409].description, /`PAYMENTS_UNAVAILABLE`/);
}

async function answersSafely(listener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  try {
    const ours = await fetch(`${origin}/charge`);
    assert.equal(ours.status, 502);
    assert.match(ours.headers.get('content-type'), /^application\/problem\+json/);
    assert.equal(ours.headers.get('set-cookie'), null);
    assert.equal(ours.headers.get('www-authenticate'), null);
    assert.equal((await ours.json()).code, 'PAYMENTS_UNAVAILABLE');

    const theirs = await fetch(`${origin}/foreign`);
    assert.equal(theirs.status, 418);
    assert.doesNotMatch(theirs.headers.get('content-type'), /problem/);
    await theirs.text();

    for (const path of ['/guarded', '/wrapped']) {
      const refused = await fetch(origin + path);
      assert.equal(refused.status, 409);
      assert.equal((await refused.json()).code, 'PAYMENTS_UNAVAILABLE');
    }

    for (const [sent, status] of [
      [signature, 200],
      ['sha256=00', 401],
    ]) {
      const headers = { 'x-lakiconnect-signature': sent };
      const taken = await fetch(`${origin}/webhook`, { method: 'POST', headers, body: webhook });
      assert.equal(taken.status, status);
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function verifies(verifySignature) {
  assert.equal(verifySignature(webhook, signature, secret), true);
  assert.equal(verifySignature(`${webhook} `, signature, secret), false);
}

function loadedNoFramework() {
  const loaded = Object.keys(require.cache).filter((path) =>
    /node_modules.(express|koa|redis|ioredis|@redis|@opentelemetry)/.test(path),
  );
  assert.equal(loaded[0], undefined);
}

module.exports = {
  onExpress,
  onKoa,
  answersSafely,
  verifies,
  shares,
  speaks,
  describes,
  measures,
  loadedNoFramework,
  loadedNoMore,
};
