/** Express apps: each group's bare one, what this library makes of it, and its peers. */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import express from 'express';
import { lakiconnect } from 'lakiconnect-middleware/express';
import { peer, token, tokenKey } from '../peers/peer.mjs';
import { approved, guarding, PAID, pending, provider } from './shop.mjs';

const merchantId = (req) => req.params.merchantId;
const laki = (options) => lakiconnect({ lookups: approved, merchantId, onEvent: false, ...options });

function paying(...before) {
  return express().get('/shops/:merchantId', ...before, (_req, res) => void res.json(PAID));
}

function failing(handler, ...after) {
  const app = express().get('/shops/:merchantId', handler);
  for (const middleware of after) app.use(middleware);
  return app;
}

export const guards = {
  status: 200,
  bare: () => paying(),
  ours: guarding(laki, paying),
  peers: {
    'an empty middleware': () => paying((_req, _res, next) => next()),
    'express-rate-limit': async () => {
      const { rateLimit } = await peer('express-rate-limit');
      return paying(
        rateLimit({ windowMs: 3_600_000, limit: 1e9, standardHeaders: 'draft-8', legacyHeaders: false }),
      );
    },
    'keyv, two gets': async () => {
      const { default: Keyv } = await peer('keyv');
      const [kyc, fee] = [new Keyv(), new Keyv()];
      await Promise.all([kyc.set('cm_1', 'approved', 3_600_000), fee.set('cm_1', 'FREE', 3_600_000)]);
      return paying(async (req, res, next) => {
        const known = await Promise.all([kyc.get(merchantId(req)), fee.get(merchantId(req))]);
        if (known.includes(undefined)) res.status(409).end();
        else next();
      });
    },
    'express-jwt, KeyObject': async () => {
      const { expressjwt } = await peer('express-jwt');
      return paying(expressjwt({ secret: createSecretKey(tokenKey), algorithms: ['HS256'] }));
    },
    helmet: async () => paying((await peer('helmet')).default()),
  },
  headers: { authorization: `Bearer ${token}` },
};

const { options, byAxios, byFetch, recognised, reply, webhook, webhookSecret } = await provider();
const problems = laki(options);
const { status, problem, body, headers } = reply;

export const errors = {
  status,
  bare: () => failing((_req, res) => void res.status(status).json(problem)),
  ours: {
    'a recognised error, thrown': () =>
      failing(() => {
        throw recognised;
      }, problems.errorHandler()),
    'the same, passed to next': () =>
      failing((_req, _res, next) => next(recognised), problems.errorHandler()),
    'a guard refuses': () =>
      express()
        .get('/shops/:merchantId', laki({ lookups: pending }).preflight())
        .use(problems.errorHandler()),
    "axios's error, thrown": () =>
      failing(() => {
        throw byAxios;
      }, problems.errorHandler()),
    "fetch's rejection, in call": () =>
      failing(() => problems.call(() => Promise.reject(byFetch)), problems.errorHandler()),
  },
  statuses: { "fetch's rejection, in call": 502 },
  peers: {
    'thrown, answered by hand': () =>
      failing(
        () => {
          throw recognised;
        },
        // Express knows error middleware by its four parameters.
        (_error, _req, res, _next) => void res.status(status).json(problem),
      ),
    'writeHead and end': () =>
      failing((_req, res) => {
        res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
      }),
    'http-errors': async () => {
      const { default: createError } = await import('http-errors');
      return failing(
        () => {
          throw createError(status, problem.title, { problem });
        },
        (error, _req, res, _next) => void res.status(error.status).json(error.problem),
      );
    },
    'express-boom': async () => {
      const { default: boom } = await peer('express-boom');
      return express()
        .use(boom())
        .get('/shops/:merchantId', (_req, res) => void res.boom.conflict(problem.title, problem));
    },
    'express-http-problem-details': async () => {
      const { HttpProblemResponse } = await peer('express-http-problem-details');
      const { ProblemDocument } = await peer('http-problem-details');
      const { ErrorMapper, MapperRegistry, DefaultMappingStrategy } = await peer(
        'http-problem-details-mapper',
      );
      class Refused extends Error {}
      class Mapper extends ErrorMapper {
        constructor() {
          super(Refused);
        }
        mapError() {
          const { type, title, detail, ...extension } = problem;
          return new ProblemDocument({ type, title, detail, status }, extension);
        }
      }
      const strategy = new DefaultMappingStrategy(new MapperRegistry().registerMapper(new Mapper()));
      return failing(() => {
        throw new Refused(problem.title);
      }, HttpProblemResponse({ strategy }));
    },
    'api-problem': async () => {
      const { default: ApiProblem } = await peer('api-problem');
      const { default: middleware } = await peer('api-problem/lib/middleware.js');
      const { type, title, detail, ...members } = problem;
      return failing(() => {
        throw new ApiProblem(status, title, type, { ...members, detail });
      }, middleware);
    },
  },
};

const signatureName = Object.keys(webhook.headers).find((name) => name !== 'content-type');

export const webhooks = {
  status: 200,
  method: 'POST',
  ...webhook,
  bare: () =>
    express().post('/shops/:merchantId', express.raw({ type: '*/*' }), (req, res) => {
      const expected = `sha256=${createHmac('sha256', webhookSecret).update(req.body).digest('hex')}`;
      const given = req.get(signatureName) ?? '';
      const isGenuine =
        given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
      if (!isGenuine) return void res.sendStatus(401);
      JSON.parse(req.body);
      res.status(200).end();
    }),
  ours: { webhook: () => express().post('/shops/:merchantId', laki().webhook({ secret: webhookSecret })) },
  peers: {},
};
