/** Runs the code of a page as it stands there. */
import * as diagnosticsChannel from 'node:diagnostics_channel';
import bodyParser from '@koa/bodyparser';
import Router from '@koa/router';
import * as nestCommon from '@nestjs/common';
import * as nestCore from '@nestjs/core';
import * as prometheus from '@opentelemetry/exporter-prometheus';
import * as sdkMetrics from '@opentelemetry/sdk-metrics';
import axios from 'axios';
import express from 'express';
import Fastify from 'fastify';
import * as openApiValidator from 'express-openapi-validator';
import got from 'got';
import * as hono from 'hono';
import * as honoException from 'hono/http-exception';
import createError from 'http-errors';
import Koa from 'koa';
import * as library from 'lakiconnect-middleware';
import * as adapter from 'lakiconnect-middleware/adapter';
import * as forExpress from 'lakiconnect-middleware/express';
import * as forKoa from 'lakiconnect-middleware/koa';
import * as forOpenTelemetry from 'lakiconnect-middleware/opentelemetry';
import * as openapi from 'lakiconnect-middleware/openapi';
import type { FakeLakiConnect } from 'lakiconnect-middleware/testing';
import * as routingControllers from 'routing-controllers';
import type request from 'supertest';
import swaggerUi from 'swagger-ui-express';
import ts from 'typescript';
import { CLIENTS, type Client } from '../clients.js';
import { blocksOf, readPage } from './pages.js';

/** What the pages' code imports. */
function modulesFor(fake: FakeLakiConnect): Readonly<Record<string, object>> {
  /** The provider's SDK, as far as the pages use it. */
  class LakipaySDK {
    readonly payments = {
      createDirectPayment: (json: object) =>
        (CLIENTS.find(({ name }) => name === 'sdk') as Client).send({
          url: `${fake.baseUrl}/payment/direct`,
          method: 'POST',
          headers: { 'X-API-Key': fake.apiKey, 'X-Connected-Merchant-ID': 'cm_7' },
          json,
        }),
    };
  }
  return {
    '@koa/bodyparser': { default: bodyParser },
    '@koa/router': { default: Router },
    '@nestjs/common': nestCommon,
    '@nestjs/core': nestCore,
    '@opentelemetry/exporter-prometheus': prometheus,
    '@opentelemetry/sdk-metrics': sdkMetrics,
    axios: { default: axios },
    express: { default: express },
    fastify: { default: Fastify },
    'express-openapi-validator': openApiValidator,
    got: { default: got },
    hono,
    'hono/http-exception': honoException,
    'http-errors': { default: createError },
    koa: { default: Koa },
    'lakiconnect-middleware': library,
    'lakiconnect-middleware/adapter': adapter,
    'lakiconnect-middleware/express': forExpress,
    'lakiconnect-middleware/koa': forKoa,
    'lakiconnect-middleware/openapi': openapi,
    'lakiconnect-middleware/opentelemetry': forOpenTelemetry,
    'lakipay-js-sdk': { LakipaySDK },
    'node:diagnostics_channel': diagnosticsChannel,
    'reflect-metadata': {},
    'routing-controllers': routingControllers,
    'swagger-ui-express': { default: swaggerUi },
  };
}

export interface Ran {
  /** What the page's code exports. */
  readonly exports: Record<string, never>;
  /** What it has written to the console. */
  readonly logged: unknown[][];
}

const SETTINGS: ts.CompilerOptions = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2022,
  esModuleInterop: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
};

/** The code on a page, block by block. */
export function codeOn(path: string): string[] {
  return blocksOf(readPage(path)).flatMap(({ language, code }) =>
    language === 'ts' ? [code.join('\n')] : [],
  );
}

interface Surroundings {
  /** What the page only declares, or finds as globals. */
  readonly declared?: object;
  readonly env?: object;
  /** What it imports beside what is handed out to every page, or in its place. */
  readonly modules?: Readonly<Record<string, object>>;
  /** All blocks of the page, as one module, where nothing else is said. */
  readonly code?: readonly string[];
}

/** Runs the code of a page. */
export function run(
  path: string,
  fake: FakeLakiConnect,
  { declared = {}, env = {}, modules = {}, code = codeOn(path) }: Surroundings = {},
): Ran {
  const { outputText } = ts.transpileModule(code.join('\n'), { compilerOptions: SETTINGS });
  const known = { ...modulesFor(fake), ...modules };
  const logged: unknown[][] = [];
  const log = (...given: unknown[]) => void logged.push(given);
  const given: Record<string, unknown> = {
    exports: {},
    require: (name: string) => ({ __esModule: true, ...(known[name] ?? unknownModule(name)) }),
    process: {
      env: { LAKICONNECT_API_KEY: fake.apiKey, LAKICONNECT_BASE_URL: fake.baseUrl, ...env },
    },
    console: { log, info: log, warn: log, error: log },
    ...declared,
  };
  // A function of this realm, which one of node:vm's is not: Express asks for promises of its own.
  const module = Reflect.construct(Function, [...Object.keys(given), outputText]) as (
    ...values: unknown[]
  ) => void;
  module(...Object.values(given));
  return { exports: given['exports'] as Ran['exports'], logged };
}

function unknownModule(name: string): never {
  throw new Error(`This suite does not hand out ${name}.`);
}

/** The app that a page exports under one of two names, as a listener of `node:http`. */
export function appOf({ exports }: Ran, name: string): Parameters<typeof request>[0] {
  const app = exports[name] as unknown as Koa | express.Express;
  if (!('callback' in app)) return app.set('env', 'production');
  app.silent = true;
  return app.callback();
}

/** What a page says that is answered: its `http` blocks. */
export function answersOn(path: string) {
  return blocksOf(readPage(path))
    .filter(({ language }) => language === 'http')
    .map(({ code }) => {
      const end = code.indexOf('');
      const [start = '', ...headers] = code.slice(0, end);
      return {
        status: Number(start.split(' ')[1]),
        headers: headers.map((line) => line.toLowerCase().split(': ') as [string, string]),
        body: JSON.parse(code.slice(end).join('\n')) as unknown,
      };
    });
}

export function jsonOn(path: string): unknown[] {
  return blocksOf(readPage(path)).flatMap(({ language, code }) =>
    language === 'json' ? [JSON.parse(code.join('\n')) as unknown] : [],
  );
}
