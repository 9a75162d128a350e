const assert = require('node:assert/strict');
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

function onExpress(express, laki) {
  const app = express().set('env', 'test');
  app.use((req, _res, _next) => route(req.path));
  app.use(laki.errorHandler());
  return app;
}

function onKoa(Koa, laki) {
  const app = new Koa();
  app.silent = true;
  app.use(laki.errorHandler());
  app.use((ctx) => route(ctx.path));
  return app.callback();
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
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function loadedNoFramework() {
  const loaded = Object.keys(require.cache).filter((path) => /node_modules.(express|koa)/.test(path));
  assert.equal(loaded[0], undefined);
}

module.exports = { onExpress, onKoa, answersSafely, loadedNoFramework };
