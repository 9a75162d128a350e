/** A process that serves an app twice, with the library and without, and says what becomes of a throwable in each. */
import { once } from 'node:events';
import type express from 'express';
import type Koa from 'koa';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { format } from 'node:util';
import { lakiconnect as forExpress } from '../../../adapters/express/index.js';
import { lakiconnect as forKoa } from '../../../adapters/koa/index.js';
import { specimenOf, SPECIMENS, type Spec } from './specimens.js';

export type Way = 'thrown' | 'rejected' | 'next';

/** What is thrown, where and how. */
export interface Case {
  readonly specimen: number | Spec;
  readonly way: Way;
  readonly mode: string;
  /** Koa: whether the platform listens to the app's errors itself. */
  readonly listens?: boolean;
  /** Whether the first bytes of another answer have gone out. */
  readonly begun?: boolean;
}

/** What became of it in one app. */
interface Fate {
  /** Whether the process would have ended, or the client would have waited for ever. */
  readonly ends?: 'killed' | 'hung';
  readonly answer: string;
  readonly logged: readonly string[];
  /** Whether a handler of the platform's own, beyond ours, got the very object. */
  readonly isSame: boolean;
  readonly events: readonly object[];
}

export interface Fates {
  /** Without the library. */
  readonly alone: Fate;
  /** With it. */
  readonly ours: Fate;
}

/** How often the loop must come round without an answer: in each round all that has come is read. */
const ROUNDS = 300;

const require = createRequire(import.meta.url);
let current: { readonly given: Case; readonly thrown: unknown };
let fatal: unknown[] = [];
let reached: unknown[] = [];
let events: object[] = [];
let logged: string[] = [];
let answering: ServerResponse | undefined;

Error.stackTraceLimit = 0; // where they were made is not compared
process.on('uncaughtException', (error) => fatal.push([error]));
process.on('unhandledRejection', (error) => fatal.push([error]));
console.error = (...given: unknown[]) => void logged.push(format(...given));

const options = { onEvent: (event: object) => void events.push(event) };

function fail(): unknown {
  const { given, thrown } = current;
  if (given.way === 'rejected') return Promise.reject(thrown);
  throw thrown;
}

function begin(res: ServerResponse): void {
  answering = res;
  if (current.given.begun === true) res.write('first bytes');
}

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

const mounts: Record<string, (mounted: boolean, given: Pick<Case, 'mode' | 'listens'>) => Listener> = {
  express: (mounted, given) => expressApp('express', mounted, given),
  express4: (mounted, given) => expressApp('express4', mounted, given),
  koa: (mounted, given) => koaApp('koa', mounted, given),
  koa2: (mounted, given) => koaApp('koa2', mounted, given),
};

function expressApp(name: string, mounted: boolean, { mode }: Pick<Case, 'mode'>): Listener {
  const app = (require(name) as typeof express)().set('env', mode);
  app.use((_request, response, next) => {
    begin(response);
    if (current.given.way === 'next') return next(current.thrown);
    const returned = fail();
    return name === 'express' ? returned : Promise.resolve(returned).catch(next);
  });
  if (mounted) app.use(forExpress(options).errorHandler());
  app.use(((error: unknown, _request: object, _response: object, next: (error: unknown) => void) => {
    reached.push(error);
    next(error);
  }) as never);
  return app;
}

function koaApp(name: string, mounted: boolean, { mode, listens }: Pick<Case, 'mode' | 'listens'>): Listener {
  const app = new (require(name) as typeof Koa)();
  app.env = mode;
  if (listens === true) app.on('error', (error: unknown) => reached.push(error));
  app.use(async (_context, next) => {
    try {
      await next();
    } catch (error) {
      reached.push(error);
      throw error;
    }
  });
  if (mounted) app.use(forKoa(options).errorHandler() as never);
  app.use((context) => {
    begin(context.res);
    return fail();
  });
  return app.callback();
}

const servers = new Map<string, Promise<number>>();

function portOf(framework: string, mounted: boolean, given: Case): Promise<number> {
  const key = [mounted, given.mode, given.listens].join();
  const port = servers.get(key) ?? listen(mounts[framework]!(mounted, given));
  servers.set(key, port);
  return port;
}

async function listen(listener: Listener): Promise<number> {
  const server = createServer((request, response) => void listener(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** The bytes that came until the answer ended, or nothing came any more. */
async function ask(port: number): Promise<{ answer: string; hung: boolean }> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString('latin1'))).on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\n\r\n');
  let rounds = 0;
  while (!socket.closed && rounds < ROUNDS && fatal.length === 0) {
    const before = answer.length;
    await setImmediate();
    rounds = answer.length === before ? rounds + 1 : 0;
  }
  const hung = !socket.closed;
  socket.destroy();
  answering?.destroy();
  const isFinal = !/^HTTP\/1.1 1/.test(answer);
  return { answer: answer.replace(/^(?:date|connection): .*\r\n/gim, ''), hung: hung || !isFinal };
}

async function fateOf(framework: string, mounted: boolean, given: Case): Promise<Fate> {
  const port = await portOf(framework, mounted, given);
  const { specimen } = given;
  const thrown = typeof specimen === 'number' ? SPECIMENS[specimen]![1]() : specimenOf(specimen);
  current = { given, thrown };
  [fatal, reached, events, logged] = [[], [], [], []];
  const { answer, hung } = await ask(port);
  await setImmediate(); // what is printed only after the answer
  await setImmediate();
  const ends = fatal.length > 0 ? 'killed' : hung ? 'hung' : undefined;
  return {
    ...(ends === undefined ? {} : { ends }),
    answer,
    logged,
    isSame: reached.length > 0 && reached.every((error) => Object.is(error, thrown)),
    events,
  };
}

async function fatesOf(framework: string, given: Case): Promise<Fates> {
  const fates: Fate[] = [];
  for (const mounted of [false, true]) fates.push(await fateOf(framework, mounted, given)); // with one stack
  return { alone: fates[0]!, ours: fates[1]! };
}

const [framework] = process.argv.slice(2) as [string];
process.on('message', (given: Case) => {
  fatesOf(framework, given).then(
    (fates) => process.send?.(fates),
    (broken: Error) => process.send?.({ broken: String(broken) }),
  );
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
