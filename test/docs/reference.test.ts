/** What the pages list is what the code has. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as library from 'lakiconnect-middleware';
import {
  CHANNEL,
  createLakiConnect,
  en,
  LakiConnectError,
  type Answered,
  type CallContext,
  type Delivery,
  type Explanation,
  type Counts,
  type FormatContext,
  type IdempotentRequest,
  type Issue,
  type Incoming,
  type LakiConnectEvent,
  type Lookups,
  type Options,
  type Reader,
  type Reply,
  type RuleOverride,
  type UpstreamRefusal,
  type WebhookRequest,
} from 'lakiconnect-middleware';
import type { HeaderChanges } from 'lakiconnect-middleware/adapter';
import type { Route } from 'lakiconnect-middleware/testing';
import createError from 'http-errors';
import { refusalsOf } from '../../src/guards/refusals.js';
import { checkOptions, guardOptions, idempotencyOptions, webhookOptions } from '../../src/schemas/guards.js';
import { handlerOptions, options } from '../../src/schemas/options.js';
import { faultsOf } from '../event-shapes.js';
import { GUIDE } from '../../src/cli/guide.js';
import { reportToConsole } from '../../src/console-reporter.js';
import { BASE_URL } from '../../src/provider/api.js';
import { settle } from '../../src/settle.js';
import { CODES, STATUSES } from '../../src/translation/codes.js';
import { issueText } from '../../src/translation/issues.js';
import { ACTIONS, KINDS, RULES, type Kind, type Rule } from '../../src/translation/rules.js';
import {
  headingsOf,
  inAnyOrder,
  keysOf,
  keysOfAll,
  keysOfAny,
  keysOfUnion,
  listedUnder,
  PAGES,
  plainText,
  proseOf,
  readPage,
  ROOT,
  rowsUnder,
  tablesOf,
  type Page,
} from './pages.js';

const configuration = () => readPage('docs/configuration.md');

const tableUnder = (heading: string) => rowsUnder(configuration(), heading);
const listed = (heading: string) => listedUnder(configuration(), heading);

describe('docs/configuration.md', () => {
  test('lists the options there are, in the order of their schema', () => {
    expect(listed('Options')).toEqual(Object.keys(options.shape));
  });

  test('says more of every option, in the same order', () => {
    const sections = headingsOf(configuration()).filter((heading) => heading in options.shape);
    expect(sections).toEqual(Object.keys(options.shape));
  });

  test('gives the default of every option', () => {
    const defaults = new Map(
      tableUnder('Options').map((row) => [plainText(row['option']!), row['default']!]),
    );
    const given = (name: string) => plainText(defaults.get(name) ?? '').replace(/^'|'$/g, '');
    const settled = settle({});

    expect(given('baseUrl')).toBe(BASE_URL);
    expect(given('origins')).toBe('[]');
    expect([...settled.origins]).toEqual([new URL(BASE_URL).origin]);
    expect(given('audience')).toBe(settled.audience);
    expect(settled.rules).toEqual(RULES);
    expect(given('fields')).toBe('documented request fields');
    expect(settled.field).toBeUndefined();
    expect(given('locales')).toBe(`[${[...settled.texts.keys()].join(', ')}]`);
    expect(given('defaultLocale')).toBe([...settled.texts.keys()][0]);
    expect(given('format')).toBe('problem');
    expect([...settled.renderers.keys()][0]).toBe('application/problem+json');
    expect(given('html')).toBe('a small page');
    expect([...settled.renderers.keys()]).toContain('text/html');
    expect(given('problemTypeBase')).toBe(settled.problemTypeBase);
    expect(given('lookups')).toBe("LakiConnect's API");
    expect(settled.lookups).toEqual({});
    expect(given('approvedStatuses')).toBe(`['${[...settled.approvedStatuses].join("', '")}']`);
    expect(given('duplicateReference')).toBe('refused field and text');
    expect(settled.duplicateReference).toBeUndefined();
    expect(given('lookupTimeoutMs')).toBe(String(settled.lookupTimeoutMs));
    expect(given('timeoutMs')).toBe(String(settled.timeoutMs));
    expect(given('aliases')).toBe('{}');
    expect(settled.codes).toEqual(CODES);
    expect(given('now')).toBe('Date.now');
    expect(settled.now).toBe(Date.now);
    expect(given('random')).toBe('Math.random');
    expect(settled.random).toBe(Math.random);
    expect([given('fetch'), given('sleep')]).toEqual(['the global fetch', 'a timer']);

    const below = [...defaults].filter(([, value]) => plainText(value) === 'below').map(([name]) => name);
    expect(below).toEqual(['cache', 'headers', 'retry']);
    const none = [...defaults].filter(([, value]) => value === '–').map(([name]) => name);
    expect(none).toEqual(['apiKey', 'merchantId', 'locale', 'messages']);
    expect(settled.locale).toBeUndefined();
    expect(given('onEvent')).toBe('a line on the console for warn and error');
    expect(settled.onEvent).toBe(reportToConsole);
  });

  test.each(['cache', 'headers', 'retry'] as const)('gives every default of %s', (option) => {
    const given = tableUnder(option).map((row) =>
      [row['member'], row['default']].map((cell) => plainText(cell!)),
    );
    expect(given).toEqual(Object.entries(settle({})[option]).map(([name, value]) => [name, String(value)]));
  });

  test('lists the lookups', () => {
    expect(listed('lookups')).toEqual(keysOf<Lookups>({ kycStatus: 0, feeConfig: 0 }));
  });

  test('lists what a rule may change', () => {
    expect(listed('rules')).toEqual(
      keysOf<RuleOverride>({ status: 0, code: 0, fault: 0, retryable: 0, level: 0, action: 0, customer: 0 }),
    );
  });

  test('lists what a format function is told', () => {
    expect(listed('format')).toEqual(keysOf<FormatContext>({ kind: 0, audience: 0, locale: 0 }));
  });

  test('lists what is told of a refusal that may be of a duplicate', () => {
    expect(listed('duplicateReference')).toEqual(
      keysOf<UpstreamRefusal>({ status: 0, code: 0, message: 0, details: 0 }),
    );
  });

  test.each([
    ['Handler options', handlerOptions],
    ['Guard options', guardOptions],
    ['Webhook options', webhookOptions],
    ['check', checkOptions],
  ])('lists the %s there are', (heading, { shape }) => {
    expect(listed(heading)).toEqual(Object.keys(shape));
  });

  test('lists the idempotency options there are beside those of guards, as their own page does', () => {
    const own = Object.keys(idempotencyOptions.shape).filter((name) => !(name in guardOptions.shape));
    expect(listed('Idempotency options')).toEqual(own);
    expect(listedUnder(readPage('docs/idempotency.md'), 'Options')).toEqual(own);
  });

  test('lists what is counted', () => {
    expect(listed('subscribe and counts')).toEqual(keysOf<Counts>({ passed: 0, merchants: 0 }));
  });

  test('lists what translate and call are told', () => {
    expect(listed('translate')).toEqual(
      keysOf<Reader>({ accept: 0, acceptLanguage: 0, locale: 0, audience: 0 }),
    );
    expect(listed('call')).toEqual(
      keysOf<CallContext>({ merchantId: 0, method: 0, idempotencyKey: 0, attempt: 0, signal: 0 }),
    );
  });

  test('lists what an explanation tells, and every word of it', () => {
    const explanation = createLakiConnect().explain(new LakiConnectError({ kind: 'TIMEOUT' }));
    expect(listed('explain')).toEqual(Object.keys(explanation!));

    const words: Partial<Record<keyof Explanation, string[]>> = {
      recognisedBy: keysOfUnion<Explanation['recognisedBy']>({
        origin: 0,
        call: 0,
        brand: 0,
        body: 0,
        error: 0,
      }),
      kindBy: keysOfUnion<Explanation['kindBy']>({
        ...{ code: 0, alias: 0, transport: 0, status: 0, body: 0, name: 0, url: 0, call: 0, guard: 0 },
        error: 0,
      }),
      outcomeBy: keysOfUnion<Explanation['outcomeBy']>({
        ...{ method: 0, 'follow-up': 0, transport: 0, code: 0, status: 0, body: 0, guard: 0, error: 0 },
      }),
      audienceBy: keysOfUnion<Explanation['audienceBy']>({ reader: 0, option: 0, default: 0 }),
      localeBy: keysOfUnion<Explanation['localeBy']>({ locale: 0, 'accept-language': 0, default: 0 }),
    };
    for (const [property, expected] of Object.entries(words)) {
      const row = tableUnder('explain').find((found) => plainText(found['property']!) === property);
      expect([property, row?.['type']]).toEqual([property, `\`'${expected.join("' | '")}'\``]);
    }
    const froms = keysOfUnion<Explanation['text']['from']>({ locales: 0, messages: 0, requirement: 0 });
    const row = tableUnder('explain').find((found) => plainText(found['property']!) === 'text');
    expect(row?.['type']).toBe(`\`{ code, from: '${froms.join("' | '")}' }\``);
  });

  test('names all that is exported', () => {
    const prose = proseOf(configuration()).join('\n');
    const named = (name: string) => new RegExp(`\\b${name}\\b`).test(prose);
    expect(Object.keys(library).filter((name) => !named(name))).toEqual([]);
  });

  test('names the diagnostics channel', () => {
    expect(proseOf(configuration()).join('\n')).toContain(`\`${CHANNEL}\``);
  });
});

describe('docs/writing-an-adapter.md', () => {
  test('lists what a handler is told and gives', async () => {
    const page = readPage('docs/writing-an-adapter.md');
    const [incoming, handled, changes, idempotent, request, delivery] = tablesOf(page).map(({ rows }) =>
      rows.map(([name = '']) => plainText(name)),
    );
    expect(changes).toEqual(keysOf<HeaderChanges>({ remove: 0, set: 0 }));
    expect(incoming).toEqual(
      keysOf<Incoming<unknown>>({
        request: 0,
        accept: 0,
        acceptLanguage: 0,
        state: 0,
        isSent: 0,
        isComplete: 0,
      }),
    );
    expect(idempotent).toEqual(
      keysOf<IdempotentRequest<unknown>>({
        request: 0,
        state: 0,
        method: 0,
        url: 0,
        headers: 0,
        body: 0,
        response: 0,
      }),
    );
    expect(request).toEqual(keysOf<WebhookRequest>({ request: 0, kept: 0 }));
    expect(delivery).toEqual(keysOf<Delivery>({ status: 0, event: 0, error: 0 }));
    const { answered, passed, late } = await outcomes();
    expect(inAnyOrder(handled ?? [])).toEqual(inAnyOrder([answered, passed, late].flatMap(Object.keys)));
  });
});

test('docs/idempotency.md lists all that its guard refuses with, and how that is answered', () => {
  const answers = rowsUnder(readPage('docs/idempotency.md'), 'What is answered').flatMap((row) => {
    const kind = plainText(row['kind']!);
    return kind === '' ? [] : [[kind, Number.parseInt(row['is answered']!)]];
  });
  const guard = createLakiConnect({ merchantId: () => 'cm_1' }).idempotencyGuard();
  const refused = refusalsOf(guard)!.reasons.map(({ kind }) => [kind, RULES[kind as Kind].status]);
  expect(inAnyOrder(answers.map(String))).toEqual(inAnyOrder(refused.map(String)));
});

test('docs/auditing.md lists what is told of a route', () => {
  const told = listedUnder(readPage('docs/auditing.md'), 'What is listed');
  expect(told).toEqual(keysOf<Route>({ method: 0, path: 0, isWhole: 0, reason: 0 }));
});

describe('What comes out', () => {
  let seen: Awaited<ReturnType<typeof outcomes>>;

  beforeAll(async () => {
    seen = await outcomes();
  });

  test('events are what their types say', () => {
    expect(seen.events.flatMap(faultsOf)).toEqual([]);
  });

  test.each(['translated', 'unmapped'] as const)('an event of type %s has the properties listed', (type) => {
    const events = seen.events.filter((event) => event.type === type);
    const rows = tableUnder('Errors').filter((row) => row[`\`${type}\``] !== '–');
    expect(rows.map((row) => plainText(row['property']!)).sort()).toEqual(keysOfAny(events));
    expect(
      rows
        .filter((row) => row[`\`${type}\``] === 'always')
        .map((row) => plainText(row['property']!))
        .sort(),
    ).toEqual(keysOfAll(events));
  });

  test('a LakiConnectError has the properties listed', () => {
    const properties = seen.errors.map((error) =>
      Object.fromEntries(
        ['name', ...Object.getOwnPropertyNames(error)]
          .filter((name) => name !== 'stack')
          .map((name) => [name, error]),
      ),
    );
    const rows = tableUnder('LakiConnectError');
    expect(rows.map((row) => plainText(row['property']!)).sort()).toEqual(keysOfAny(properties));
    expect(alwaysIn(rows, 'property')).toEqual(keysOfAll(properties));
    for (const error of seen.errors) {
      expect(Object.keys(error.toJSON())).toEqual(
        expect.arrayContaining([...Object.keys(error), 'name', 'message']),
      );
      expect(JSON.parse(JSON.stringify(error))).not.toHaveProperty('upstream');
    }
  });

  test('a problem has the members listed', () => {
    const problems = seen.replies.map(({ problem }) => problem);
    const rows = tableUnder('The reply');
    expect(rows.map((row) => plainText(row['member']!)).sort()).toEqual(keysOfAny(problems));
    expect(alwaysIn(rows, 'member')).toEqual(keysOfAll(problems));
  });

  test('a reply has the headers listed', () => {
    const [, headers] = tablesOf(configuration()).filter(({ heading }) => heading === 'The reply');
    expect(headers?.header).toEqual(['header', 'value']);
    expect(headers?.rows.map(([name = '']) => plainText(name)).sort()).toEqual(
      keysOfAny(seen.replies.map((reply) => reply.headers)),
    );
  });
});

function alwaysIn(rows: readonly Record<string, string>[], column: string): string[] {
  return inAnyOrder(
    rows.filter((row) => row['present'] === 'always').map((row) => plainText(row[column] ?? '')),
  );
}

/** As axios throws it: the fullest error there is, or with `undefined` for an answer one that says little. */
function thrown(answer?: { status: number; body: object | string; headers?: object }): Error {
  const config = {
    url: 'https://api.lakipay.co/api/v2/payment/direct',
    method: 'get',
    headers: answer === undefined ? {} : { 'X-Connected-Merchant-ID': 'cm_7' },
  };
  return answer === undefined
    ? Object.assign(new Error('socket hang up'), { config })
    : Object.assign(new Error('x'), {
        config,
        response: { status: answer.status, headers: answer.headers ?? {}, data: answer.body },
      });
}

const documented = (code: string, details?: object[]): object => ({
  error: { code, message: 'Said by the provider.', details },
  request_id: 'req_1a2b3c4d5e6f',
});

/** A few failures that together show everything that an event, an error and a reply can have. */
async function outcomes() {
  const events: LakiConnectEvent[] = [];
  const settings: Options = {
    fields: { amount: 'total' },
    locale: (request) => (request as { language: () => string }).language(),
    onEvent: (event) => events.push(event),
  };
  const handle = createLakiConnect(settings).handler({ httpErrors: true });
  const incoming: Incoming<unknown> = {
    request: { language: () => 'en' },
    accept: undefined,
    acceptLanguage: undefined,
    isSent: () => false,
  };
  const replies: Reply[] = [];
  const errors: LakiConnectError[] = [];
  const answered = async (failure: unknown, other: Partial<Incoming<unknown>> = {}): Promise<Answered> => {
    const handled = await handle(failure, { ...incoming, ...other });
    if (handled.reply === undefined) throw new Error('not answered');
    replies.push(handled.reply);
    if (handled.error instanceof LakiConnectError) errors.push(handled.error);
    return handled;
  };

  const refused = [
    { field: 'amount', issue: 'is required' },
    { field: 'reference', issue: 'is required' },
  ];
  const full = await answered(thrown({ status: 422, body: documented('VALIDATION_ERROR', refused) }));
  await answered(thrown({ status: 429, body: documented('RATE_LIMITED'), headers: { 'Retry-After': '7' } }));
  await answered(thrown({ status: 409, body: documented('QUITE_NEW') }));
  await answered(thrown());
  await answered(Object.assign(new Error('x'), { name: 'LakipayError' }));
  await answered(new LakiConnectError({ kind: 'TIMEOUT', outcome: 'unknown' }), { request: {} });
  await answered(createError(500));
  await answered(createError(404), { accept: 'text/html' });
  const late = await handle(errors[0], { ...incoming, isComplete: () => true });
  return {
    events,
    replies,
    errors,
    answered: full,
    passed: await handle(new Error('foreign'), incoming),
    late,
  };
}

describe('docs/errors.md', () => {
  const page = () => readPage('docs/errors.md');

  test('has one table of kinds, with a row for every kind, and two of actions', () => {
    expect(tablesOf(page()).map(({ header }) => header)).toEqual([
      ['kind', 'met upstream as', 'merchant', 'customer', 'fault', 'retryable', 'log'],
      ['action', 'what to do'],
      ['action', 'kinds'],
    ]);
    expect(rowsOfErrors().map(({ kind }) => kind)).toEqual(KINDS);
  });

  test.each(KINDS)('%s: its row is its rule', (kind) => {
    const rule: Rule = RULES[kind];
    const { row } = rowsOfErrors().find((found) => found.kind === kind)!;
    expect(answerIn(row['merchant']!, kind)).toEqual(answerOf(rule));
    expect(answerIn(row['customer']!, kind)).toEqual(answerOf(rule.customer ?? rule));
    expect(row['fault']).toBe(rule.fault);
    expect(row['retryable']).toBe(rule.retryable ? 'yes' : 'no');
    expect(row['log']).toBe(rule.level);
  });

  test.each(KINDS)('%s: what it is met as is what the library takes for it', (kind) => {
    const { row } = rowsOfErrors().find((found) => found.kind === kind)!;
    const cell = row['met upstream as']!;
    const statuses = [...STATUSES].filter(([, of]) => of === kind).map(([status]) => String(status));
    expect(inAnyOrder(cell.match(/\b[1-5]\d\d\b/g) ?? [])).toEqual(inAnyOrder(statuses));
    const codes = [...CODES].filter(([code, of]) => of === kind && code !== kind).map(([code]) => code);
    expect(inAnyOrder(cell.match(/\b[A-Z]+_[A-Z_]+\b/g) ?? [])).toEqual(inAnyOrder(codes));
  });

  test('says of every action what it is, and which kinds have it', () => {
    const [, meanings, kinds] = tablesOf(page()).map(({ rows }) => rows.map((cells) => cells.map(plainText)));
    expect(meanings?.map(([action]) => action)).toEqual(ACTIONS);
    expect(kinds).toEqual(
      ACTIONS.map((action) => [action, KINDS.filter((kind) => RULES[kind].action === action).join(', ')]),
    );
  });

  test('has a section for every kind', () => {
    expect(headingsOf(page()).map(plainText)).toEqual(expect.arrayContaining([...KINDS]));
  });

  test.each(KINDS)('%s: it says in words what the command says', (kind) => {
    const { met, meaning, next } = GUIDE[kind];
    expect(rowsOfErrors().find((found) => found.kind === kind)?.row['met upstream as']).toBe(met);
    const steps = Object.entries(next).map(
      ([party, step]) => `- ${party[0]!.toUpperCase()}${party.slice(1)}: ${step}`,
    );
    expect(sectionOf(kind)).toBe([meaning, ...steps].map(plainText).join(' '));
  });

  function sectionOf(kind: Kind): string {
    const prose = proseOf(page());
    const from = prose.indexOf(`## ${kind}`) + 1;
    const length = prose.slice(from).findIndex((line) => line.startsWith('## '));
    const lines = length === -1 ? prose.slice(from) : prose.slice(from, from + length);
    return plainText(lines.filter((line) => line !== '').join(' '))
      .replaceAll(/\s+/g, ' ')
      .trim();
  }

  function rowsOfErrors() {
    const [table] = tablesOf(page());
    return (table?.rows ?? []).map((cells) => {
      const row = Object.fromEntries((table?.header ?? []).map((column, at) => [column, cells[at] ?? '']));
      return { kind: plainText(row['kind']!), row };
    });
  }
});

/** The status and public code that a cell such as `` 409 `PAYMENTS_UNAVAILABLE` `` stands for. */
function answerIn(cell: string, kind: Kind): { status: number; code: string } {
  const [, status, code = kind] = /^(\d{3})(?: `([A-Z_]+)`)?$/.exec(cell) ?? [];
  return { status: Number(status), code };
}

function answerOf({ status, code }: Pick<Rule, 'status' | 'code'>): { status: number; code: string } {
  return { status, code };
}

describe('docs/languages.md', () => {
  test('says of every issue how LakiConnect words it, and what an English reader is told', () => {
    const [rows = []] = tablesOf(readPage('docs/languages.md'))
      .filter(({ header }) => header[0] === 'it says')
      .map((table) => table.rows);
    expect(rows.map(([, issue]) => plainText(issue!))).toEqual(Object.keys(en.issues));
    for (const [says = '', issue = '', text = ''] of rows) {
      expect(plainText(text)).toBe(en.issues[plainText(issue) as Issue]);
      for (const said of says.match(/(?<=`)[^`]{3,}(?=`)/g)!) {
        expect(issueText(said, 'customer', { [plainText(issue)]: 'told' }).text).toBe('told');
      }
    }
  });
});

describe('README.md', () => {
  test('its tables of kinds have them all, their statuses, and a mark for every mask', () => {
    const mark = ({ status, code }: Pick<Rule, 'status' | 'code'>) =>
      code === 'PAYMENTS_UNAVAILABLE' ? `${String(status)} ✱` : String(status);
    const expected = KINDS.map((kind) => {
      const rule: Rule = RULES[kind];
      return [kind, mark(rule), mark(rule.customer ?? rule)];
    });
    const readme = PAGES.filter(({ path }) => path === 'README.md');
    for (const { header, rows } of readme
      .flatMap(tablesOf)
      .filter((table) => table.header.includes('kind'))) {
      const starts = header.flatMap((column, at) => (column === 'kind' ? [at] : []));
      const told = rows.flatMap((cells) => starts.map((at) => cells.slice(at, at + 3).map(plainText)));
      expect(told.filter(([kind]) => kind !== '').sort()).toEqual(expected.sort());
    }
  });
});

describe('Links', () => {
  test.each(PAGES.map((page) => [page.path, page] as const))('of %s lead somewhere', (_path, page) => {
    expect(linksOf(page).flatMap((link) => (leadsSomewhere(page, link) ? [] : [link]))).toEqual([]);
  });

  test('of comments and messages in the sources lead somewhere', () => {
    const sources = ['src', 'adapters'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
        join(folder, path),
      ),
    );
    const named = sources
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => readFileSync(join(ROOT, path), 'utf8').match(/\bdocs\/[\w/-]+\.md\b/g) ?? []);
    expect(new Set(named).size).toBeGreaterThan(0);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('every page can be reached from the README', () => {
    const [start] = PAGES.filter(({ path }) => path === 'README.md');
    if (start === undefined) return;
    const reached = new Set([start.path]);
    for (const path of reached) {
      const page = PAGES.find((found) => found.path === path);
      for (const link of page === undefined ? [] : linksOf(page)) {
        const target = targetOf(path, link);
        if (target?.endsWith('.md') === true) reached.add(target);
      }
    }
    const lost = PAGES.map(({ path }) => path).filter((path) => !reached.has(path));
    expect(lost.filter((path) => !path.startsWith('docs/playground/'))).toEqual([]);
  });
});

function linksOf(page: Page): string[] {
  const prose = proseOf(page)
    .join('\n')
    .replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, link = '']) => link);
}

/** A path from the root of the repository; `undefined` for what is not in it. */
function targetOf(from: string, link: string): string | undefined {
  if (/^[a-z]+:/i.test(link)) return undefined;
  const [path = ''] = link.split('#');
  return path === '' ? from : relative(ROOT, join(ROOT, dirname(from), path));
}

function leadsSomewhere({ path }: Page, link: string): boolean {
  const target = targetOf(path, link);
  if (target === undefined) return /^https:\/\/\S+$/.test(link);
  if (!existsSync(join(ROOT, target))) return false;
  const [, anchor] = link.split('#');
  if (anchor === undefined) return true;
  return statSync(join(ROOT, target)).isFile() && anchorsOf(readPage(target)).has(anchor);
}

/** The anchors that GitHub gives to headings: a repeated one is numbered. */
function anchorsOf(page: Page): Set<string> {
  const anchors = new Set<string>();
  for (const heading of headingsOf(page)) {
    const slug = plainText(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${slug}-${String(again)}`;
    anchors.add(anchor);
  }
  return anchors;
}
