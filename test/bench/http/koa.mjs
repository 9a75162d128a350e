/** Koa apps: each group's bare one, what this library makes of it, and its peers. */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import Koa from 'koa';
import { lakiconnect } from 'lakiconnect-middleware/koa';
import { peer, token, tokenKey } from '../peers/peer.mjs';
import { approved, guarding, PAID, pending, provider } from './shop.mjs';

const merchantId = (ctx) => ctx.path.slice('/shops/'.length);
const laki = (options) => lakiconnect({ lookups: approved, merchantId, onEvent: false, ...options });

function appOf(...middleware) {
  const app = new Koa();
  app.silent = true;
  for (const one of middleware) app.use(one);
  return app.callback();
}

const pay = (ctx) => void (ctx.body = PAID);
const paying = (...before) => appOf(...before, pay);

export const guards = {
  status: 200,
  bare: () => paying(),
  ours: guarding(laki, paying),
  peers: {
    'an empty middleware': () => paying((_ctx, next) => next()),
    'koa-ratelimit': async () => {
      const { default: rateLimit } = await peer('koa-ratelimit');
      return paying(
        rateLimit({ driver: 'memory', db: new Map(), duration: 3_600_000, max: 1e9, id: (ctx) => ctx.ip }),
      );
    },
    'koa-jwt, KeyObject': async () => {
      const { default: jwt } = await peer('koa-jwt');
      return paying(jwt({ secret: createSecretKey(tokenKey), algorithms: ['HS256'] }));
    },
    'koa-helmet': async () => paying((await peer('koa-helmet')).default()),
  },
  headers: { authorization: `Bearer ${token}` },
};

const { options, byAxios, byFetch, recognised, reply, webhook, webhookSecret } = await provider();
const problems = laki(options);
const { status, problem } = reply;
const failing = (handler, ...before) => appOf(...before, handler);
const ours = (handler) => failing(handler, problems.errorHandler());

export const errors = {
  status,
  bare: () =>
    failing((ctx) => {
      ctx.status = status;
      ctx.body = problem;
    }),
  ours: {
    'a recognised error, thrown': () =>
      ours(() => {
        throw recognised;
      }),
    'a guard refuses': () => ours(laki({ lookups: pending }).preflight()),
    "axios's error, thrown": () =>
      ours(() => {
        throw byAxios;
      }),
    "fetch's rejection, in call": () => ours(() => problems.call(() => Promise.reject(byFetch))),
  },
  statuses: { "fetch's rejection, in call": 502 },
  peers: {
    'thrown, answered by hand': () =>
      failing(
        () => {
          throw recognised;
        },
        async (ctx, next) => {
          try {
            await next();
          } catch {
            ctx.status = status;
            ctx.body = problem;
          }
        },
      ),
    'ctx.throw': () => failing((ctx) => ctx.throw(status, problem.title)),
    'koa-json-error': async () => {
      const { default: jsonError } = await peer('koa-json-error');
      return failing(
        (ctx) => ctx.throw(status, problem.title),
        jsonError({ format: () => problem, postFormat: null }),
      );
    },
  },
};

const signatureName = Object.keys(webhook.headers).find((name) => name !== 'content-type');

export const webhooks = {
  status: 200,
  method: 'POST',
  ...webhook,
  bare: () =>
    appOf(async (ctx) => {
      const body = await buffer(ctx.req);
      const expected = `sha256=${createHmac('sha256', webhookSecret).update(body).digest('hex')}`;
      const given = ctx.get(signatureName);
      const isGenuine =
        given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
      if (!isGenuine) ctx.throw(401);
      JSON.parse(body);
      ctx.body = '';
    }),
  ours: { webhook: () => appOf(laki().webhook({ secret: webhookSecret })) },
  peers: {},
};
