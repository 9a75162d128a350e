import { setTimeout as sleep } from 'node:timers/promises';
import { reportToConsole } from './console-reporter.js';
import { createElapsed, elapsedBy } from './elapsed.js';
import { judged } from './judge.js';
import { settleIssues, settleTexts } from './messages/texts.js';
import { judging } from './option-functions.js';
import type { Options } from './options.js';
import { BASE_URL, HEADERS } from './provider/api.js';
import { options as schema } from './schemas/options.js';
import type { Settings } from './settings.js';
import { CODES } from './translation/codes.js';
import { languageNegotiation } from './translation/negotiate.js';
import { defined, overrideRule } from './translation/override-rule.js';
import { formsFor } from './translation/render.js';
import { KINDS, RULES, type Kind, type Rule } from './translation/rules.js';
import { redactor } from './translation/text.js';

const CACHE = { metMs: 60_000, unmetMs: 5000, staleIfErrorMs: 300_000, maxMerchants: 10_000 };

const RETRY = { attempts: 3, maxDelayMs: 30_000 };
const ONCE = { attempts: 1, maxDelayMs: 0 };

/** @throws TypeError naming the path of a wrong option, what was got and what is expected. */
export function settle<Req>(options: Options<Req>): Settings<Req> {
  judged(schema, options);
  const baseUrl = options.baseUrl ?? BASE_URL;
  const rules = settleRules(options.rules);
  const texts = settleTexts(options, rules);
  const { audience = 'customer', locale, fields, format = 'problem', html, duplicateReference } = options;
  const now = options.now === undefined ? Date.now : judging('now', options.now);
  return {
    merchantId: options.merchantId,
    audience: typeof audience === 'function' ? judging('audience', audience) : audience,
    locale: locale && judging('locale', locale),
    apiKey: options.apiKey,
    baseUrl: baseUrl.replace(/(?<!\/)\/+$/, ''),
    origins: new Set([baseUrl, ...(options.origins ?? [])].map((url) => new URL(url).origin)),
    rules,
    overrides: { rules: options.rules ?? {}, messages: options.messages ?? {} },
    codes: new Map([...CODES, ...Object.entries(options.aliases ?? {})]),
    field: typeof fields === 'function' ? judging('fields', fields) : fields && lookup(fields),
    texts,
    issues: settleIssues(options),
    language: languageNegotiation([...texts.keys()]),
    ...formsFor(format, html),
    problemTypeBase: options.problemTypeBase ?? 'urn:problem-type:lakiconnect:',
    lookups: defined(options.lookups ?? {}),
    approvedStatuses: new Set(
      (options.approvedStatuses ?? ['approved']).map((status) => status.trim().toLowerCase()),
    ),
    duplicateReference: duplicateReference && judging('duplicateReference', duplicateReference),
    cache: { ...CACHE, ...defined(options.cache ?? {}) },
    store: options.store,
    lookupTimeoutMs: options.lookupTimeoutMs ?? 2000,
    timeoutMs: options.timeoutMs ?? 15_000,
    headers: { ...HEADERS, ...defined(options.headers ?? {}) },
    honoursIdempotencyKeys: options.headers?.idempotency !== undefined,
    retry: options.retry === false ? ONCE : { ...RETRY, ...defined(options.retry ?? {}) },
    // Looked up at each call, so that what replaces the global one later is used.
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    now,
    elapsed: now === Date.now ? createElapsed(now, () => performance.now()) : elapsedBy(now),
    random: options.random === undefined ? Math.random : judging('random', options.random),
    sleep: options.sleep ?? ((ms, signal) => sleep(ms, undefined, { signal })),
    onEvent: options.onEvent === false ? undefined : (options.onEvent ?? reportToConsole),
    redact: redactor(options.apiKey),
  };
}

function lookup(fields: Readonly<Record<string, string>>): (field: string) => string | undefined {
  const names = new Map(Object.entries(fields));
  return (field) => names.get(field);
}

function settleRules(overrides: Options['rules'] = {}): Readonly<Record<Kind, Rule>> {
  return Object.fromEntries(
    KINDS.map((kind) => [kind, overrideRule(RULES[kind], overrides[kind])]),
  ) as Record<Kind, Rule>;
}
