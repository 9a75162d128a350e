/**
 * What docs/before-and-after.md says a browser gets is measured: a platform in a process of its own, in production,
 * with real clients on real sockets, once without the library and once with it.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Problem } from 'lakiconnect-middleware';
import { core, documented, htmlPage } from '../envelopes.js';
import { startUpstream, type Answer, type Upstream } from '../upstream.js';
import { listedUnder, plainText, readPage, ROOT, rowsUnder, tablesOf } from './pages.js';

const KEY = 'lk_pub_7f3a:lk_sec_9c1e';
const SECRET = 'lk_sec_9c1e';

interface Failure {
  readonly answer: Answer;
  /** What of it nobody but an operator should read. */
  readonly words: string;
  readonly path?: string;
  /** The platform freezes what its client throws. */
  readonly frozen?: boolean;
  /** How long its client waits, if that is not as long as it takes. */
  readonly timeoutMs?: number;
}

const expired: Failure = {
  answer: {
    status: 401,
    headers: { 'set-cookie': 'laki=1; Path=/', 'www-authenticate': 'Basic realm="LakiConnect"' },
    body: documented('UNAUTHORIZED', { message: `The API key ${KEY} has expired.` }),
  },
  words: 'has expired',
};
const unverified: Failure = {
  answer: { status: 403, body: documented('KYC_NOT_APPROVED', { message: 'Abebe Trading failed KYC.' }) },
  words: 'Abebe Trading',
};

const FAILURES: Readonly<Record<string, Failure>> = {
  'Key expired': expired,
  'Key expired, error frozen': { ...expired, frozen: true },
  'KYC refused, a customer pays': unverified,
  'KYC refused, the shop looks': { ...unverified, path: '/seller/shops/cm_7/charges' },
  'Field refused': {
    answer: {
      status: 422,
      body: documented('VALIDATION_ERROR', {
        message: 'The request body is invalid.',
        details: [{ field: 'amount', issue: 'must be no less than 1' }],
      }),
    },
    words: 'The request body is invalid',
  },
  'Rate limited': {
    answer: {
      status: 429,
      headers: { 'retry-after': '7' },
      body: documented('RATE_LIMITED', { message: 'Quota of platform 12 used up.' }),
    },
    words: 'platform 12',
  },
  'Payment timed out': { answer: { fault: 'hang-headers' }, words: 'exceeded', timeoutMs: 400 },
  'Answer cut off': {
    answer: { body: { status: 'SUCCESS', data: { transaction_id: 'TXN-1' } }, fault: 'cut' },
    words: 'SUCCESS',
  },
  'Connection reset': { answer: { fault: 'reset' }, words: 'ECONNRESET' },
  'ERROR at HTTP 200': {
    answer: { body: core('INSUFFICIENT_BALANCE', { message: 'Wallet 251911 is empty.' }) },
    words: 'Wallet 251911',
  },
  'HTML at 502': { answer: { status: 502, body: htmlPage }, words: 'nginx' },
  'HTML at 200': { answer: { body: htmlPage }, words: 'nginx' },
};

const CLIENT_NAMES: Readonly<Record<string, string>> = { 'undici, responseError': 'undici-response-error' };

const page = readPage('docs/before-and-after.md');
const ROWS = rowsUnder(page, 'What a browser gets').map((cells) => ({
  failure: plainText(cells['failure'] ?? ''),
  client: plainText(cells['client'] ?? ''),
  cells,
}));

/** For a process to start in, on a busy machine. */
const PATIENCE_MS = 60_000;

let upstream: Upstream;
const processes = new Map<string, Promise<Platform>>();

beforeAll(async () => {
  upstream = await startUpstream();
});

afterAll(async () => {
  await Promise.all([...processes.values()].map(async (started) => (await started).end()));
  await upstream.close();
});

describe.each(ROWS)('$failure, with $client', ({ failure: title, client: name, cells }) => {
  const failure = FAILURES[title] as Failure;
  const pay = (framework: Framework, mounted: boolean, call = false): Promise<Measured> =>
    measure({ framework, mounted, call, failure, client: CLIENT_NAMES[name] ?? name });

  test(
    'a browser gets from Express and Koa what the page says',
    async () => {
      expect(without(await pay('express', false), failure)).toBe(cells['Express without']);
      expect(without(await pay('koa', false), failure)).toBe(cells['Koa without']);
    },
    PATIENCE_MS,
  );

  test(
    'with the library it gets one and the same reply, and nothing of LakiConnect',
    async () => {
      const replies = [await pay('express', true, true), await pay('koa', true, true)];
      const bare = [await pay('express', true), await pay('koa', true)];
      const enough = bare.every((measured) => withLibrary(measured) === cells['with, on both']);
      expect(enough ? '`errorHandler`' : '`call`').toBe(cells['by']);

      for (const measured of enough ? [...replies, ...bare] : replies) {
        expect(withLibrary(measured)).toBe(cells['with, on both']);
        expect(problemOf(measured)?.detail).toBe(cells['the user reads']);
        expect(relayed(measured, failure)).toEqual([]);
        expect(measured.body).not.toContain(failure.words);
        expect(measured.body + measured.log).not.toContain(SECRET);
      }
      expect(new Set(replies.map(({ body }) => body)).size).toBe(1);
    },
    PATIENCE_MS,
  );
});

test('Every failure that can be measured is on the page', () => {
  expect(new Set(ROWS.map(({ failure }) => failure))).toEqual(new Set(Object.keys(FAILURES)));
});

test('What was measured is what is installed', () => {
  const installed = listedUnder(page, 'Measured with').map((name) => {
    const { version } = JSON.parse(
      readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'),
    ) as Record<'version', string>;
    return { package: `\`${name}\``, version };
  });
  expect(rowsUnder(page, 'Measured with')).toEqual(installed);
  const clients = ROWS.map(({ client }) => client.replace(/,.*/, '')).filter((client) => client !== 'fetch');
  expect(listedUnder(page, 'Measured with').sort()).toEqual(
    [...new Set(['express', 'koa', ...clients])].sort(),
  );
});

test("README's rows are rows of the page", () => {
  const shown = tablesOf(readPage('README.md')).filter(({ header }) => header[1] === 'Express today');
  expect(shown).toHaveLength(1);
  const told = ROWS.map(({ cells }) => [
    `${cells['failure'] ?? ''} (${cells['client'] ?? ''})`,
    ...['Express without', 'Koa without', 'with, on both'].map((column) => cells[column]),
  ]);
  expect(told).toEqual(expect.arrayContaining(shown.flatMap(({ rows }) => rows)));
});

type Framework = 'express' | 'koa';

interface Measured {
  readonly status: number | undefined;
  readonly headers: Headers;
  readonly body: string;
  /** What the process has written to stderr. */
  readonly log: string;
}

function without({ status, headers, body, log }: Measured, failure: Failure): string {
  if (status === undefined) return 'the process ends';
  const words = body.includes(failure.words) ? ", LakiConnect's body" : '';
  const shown = /<pre>(.*)<\/pre>/.exec(body)?.[1] ?? body;
  if (words === '') expect(shown).toBe(STATUS_CODES[status]);
  return [
    `\`${String(status)}\`${words}`,
    ...(body.includes(SECRET) ? ['the key in it'] : []),
    ...relayed({ headers }, failure),
    ...(log.includes(SECRET) ? ['key in the log'] : []),
  ].join(', ');
}

const HEADERS: Readonly<Record<string, string>> = {
  'set-cookie': 'a cookie',
  'www-authenticate': 'a login box',
};

/** The headers of LakiConnect's that came through; `Retry-After` may. */
function relayed({ headers }: Pick<Measured, 'headers'>, { answer }: Failure): string[] {
  return Object.entries(answer.headers ?? {})
    .filter(([name, value]) => name !== 'retry-after' && headers.get(name) === value)
    .map(([name]) => HEADERS[name] ?? name);
}

function withLibrary(measured: Measured): string {
  const problem = problemOf(measured);
  if (problem === undefined) return 'not answered by the library';
  const wait = measured.headers.get('retry-after');
  return [
    `\`${String(measured.status)}\` ${problem.title}`,
    ...(problem.errors === undefined ? [] : ['`errors`']),
    ...(wait === null ? [] : [`\`Retry-After: ${wait}\``]),
  ].join(', ');
}

function problemOf({ headers, body }: Measured): Problem | undefined {
  return headers.get('content-type')?.startsWith('application/problem+json') === true
    ? (JSON.parse(body) as Problem)
    : undefined;
}

interface Case {
  readonly framework: Framework;
  readonly mounted: boolean;
  readonly call: boolean;
  readonly failure: Failure;
  readonly client: string;
}

/** One charge, and whether the platform's process has lived on. */
async function measure({ framework, mounted, call, failure, client }: Case): Promise<Measured> {
  const name = `${framework} ${mounted ? 'with' : 'without'}`;
  const started = processes.get(name) ?? start({ framework, mounted });
  processes.set(name, started);
  const server = await started;
  upstream.answer(failure.answer);
  upstream.requests.length = 0;
  const flags = { ...(call && { call: '' }), ...(failure.frozen === true && { frozen: '' }) };
  const timeoutMs = String(failure.timeoutMs ?? PATIENCE_MS);
  const query = String(new URLSearchParams({ client, timeoutMs, ...flags }));
  const path = failure.path ?? '/shops/cm_7/charges';
  const response = await fetch(`${server.url}${path}?${query}`, { method: 'POST' }).catch(() => undefined);
  if (response === undefined) {
    processes.delete(name);
    return { status: undefined, headers: new Headers(), body: '', log: await server.ended() };
  }
  const { status, headers } = response;
  const body = await response.text();
  expect(upstream.requests.length).toBeLessThanOrEqual(1); // a payment is sent once
  return { status, headers, body, log: await server.logged() };
}

interface Platform {
  readonly url: string;
  /** What it has logged since it was asked last. */
  readonly logged: () => Promise<string>;
  /** What it has logged until it ended by itself, and not well. */
  readonly ended: () => Promise<string>;
  readonly end: () => Promise<void>;
}

interface Given {
  readonly root: string;
  readonly framework: Framework;
  readonly mounted: boolean;
  readonly baseUrl: string;
  readonly apiKey: string;
}

async function start({ framework, mounted }: Pick<Given, 'framework' | 'mounted'>): Promise<Platform> {
  const root = pathToFileURL(ROOT).href;
  const given = { root, framework, mounted, baseUrl: upstream.url, apiKey: KEY };
  const program = `await (${platform.toString()})(${JSON.stringify(given satisfies Given)})`;
  const child = spawn(process.execPath, ['--import', TYPESCRIPT, '--input-type=module', '--eval', program], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const closed = once(child, 'close');
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const port = await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => String(text).trim()),
    closed.then(() => {
      throw new Error(log);
    }),
  ]);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    async logged() {
      await fetch(`${url}/alive`);
      while (!log.endsWith('alive\n')) await once(child.stderr, 'data');
      const said = log;
      log = '';
      return said;
    },
    async ended() {
      const [code] = (await closed) as [number];
      expect(code).toBe(1);
      return log;
    },
    async end() {
      child.stdin.end();
      await closed;
    },
  };
}

/** The platform's program. It runs as text in a process of its own, so it uses nothing from around it. */
async function platform(given: Given): Promise<void> {
  const { root, framework, mounted, baseUrl, apiKey } = given;
  const load = async (path: string): Promise<unknown> => import(new URL(path, root).href);
  const { CLIENTS } = (await load('test/clients.ts')) as typeof import('../clients.js');
  const charge = {
    url: `${baseUrl}/payment/direct`,
    method: 'POST',
    json: { amount: 1 },
  } as const;
  const headers = { 'X-API-Key': apiKey, 'X-Connected-Merchant-ID': 'cm_7' };
  const options = {
    baseUrl,
    apiKey,
    audience: ({ path }: { path: string }) => (path.startsWith('/seller') ? 'merchant' : 'customer'),
  } as const;

  async function pay(
    url: string,
    call: (send: () => Promise<unknown>) => Promise<unknown>,
  ): Promise<unknown> {
    const asked = new URL(url, root).searchParams;
    const client = CLIENTS.find(({ name }) => name === asked.get('client'));
    const send = async (): Promise<unknown> => {
      try {
        return await client?.send({ ...charge, headers, timeoutMs: Number(asked.get('timeoutMs')) });
      } catch (error) {
        throw asked.has('frozen') ? Object.freeze(error) : error;
      }
    };
    const answer = (await (asked.has('call') ? call(send) : send())) as object;
    if (answer instanceof Response) return answer.json();
    return 'data' in answer ? answer.data : answer;
  }

  function started(this: { address(): unknown }): void {
    console.log((this.address() as { port: number }).port);
  }

  if (framework === 'express') {
    const { default: express } = await import('express');
    const { setImmediate } = await import('node:timers/promises');
    const { lakiconnect } = (await load(
      'adapters/express/index.ts',
    )) as typeof import('lakiconnect-middleware/express');
    const laki = lakiconnect(options);
    const app = express();
    app.get('/alive', async (_req, res) => {
      await setImmediate(); // Express logs an error after its reply
      console.error('alive');
      res.end();
    });
    app.post('/*path', async (req, res) => {
      res.status(201).json(await pay(req.url, laki.call));
    });
    if (mounted) app.use(laki.errorHandler());
    app.listen(0, '127.0.0.1', started);
  } else {
    const { default: Koa } = await import('koa');
    const { lakiconnect } = (await load(
      'adapters/koa/index.ts',
    )) as typeof import('lakiconnect-middleware/koa');
    const laki = lakiconnect(options);
    const app = new Koa();
    if (mounted) app.use(laki.errorHandler());
    app.use(async (ctx) => {
      if (ctx.method === 'GET') console.error('alive');
      ctx.body = ctx.method === 'GET' ? '' : await pay(ctx.url, laki.call);
      ctx.status = ctx.method === 'GET' ? 200 : 201;
    });
    app.listen(0, '127.0.0.1', started);
  }
  process.stdin.resume().on('end', () => process.exit());
}

/** Lets a process of its own import the sources: Node 20 reads no TypeScript. */
const TYPESCRIPT = module(`
  import { register } from 'node:module';
  register(${JSON.stringify(
    module(`
      import { readFile } from 'node:fs/promises';
      import { createRequire } from 'node:module';
      const { transform } = createRequire(${JSON.stringify(join(ROOT, 'package.json'))})('@swc/core');
      const options = { swcrc: false, jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } };
      export const resolve = (specifier, { parentURL = '', ...context }, next) =>
        next(parentURL.endsWith('.ts') ? specifier.replace(/^(\\..*)\\.js$/, '$1.ts') : specifier, { parentURL, ...context });
      export async function load(url, context, next) {
        if (!url.endsWith('.ts')) return next(url, context);
        const { code } = await transform(await readFile(new URL(url), 'utf8'), options);
        return { format: 'module', source: code, shortCircuit: true };
      }
    `),
  )});
`);

function module(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
