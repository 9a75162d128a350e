import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Texts, the test kit, whose suites are the proof of others, what needs a Redis, and what only gathers or declares. */
const EXCLUDED =
  /^src\/(?:testing\/|(?:(?:adapter|openapi)\/)?index\.ts|core\.ts|(?:guards\/)?options\.ts)|^src\/messages\/(?:am|en|om|so|ti)\.ts$|^adapters\/redis\//;

const OBSERVED = [
  ...['translation/observe', 'translation/network-failure', 'translation/recognise', 'translation/outcome'],
  ...['provider/call.styles', 'provider/call.results', 'provider/call.aborts', 'provider/evidence'],
];

/** What has no mirror in `test`, or is seen through others only. */
export const SUITES = {
  'adapters/express/final-handler.ts': ['adapters/final-handler', 'adapters/express4', 'adapters/express5'],
  'src/thenable.ts': ['option-functions', 'handler', 'guards/guard'],
  'src/without-option.ts': ['option-functions', 'handler'],
  'src/adapter/core.ts': ['adapters/express5', 'adapters/koa3'],
  'src/adapter/guard-metadata.ts': ['adapters/routes', 'openapi/error-responses'],
  'src/adapter/guarded.ts': ['adapters/express5', 'adapters/koa3', 'adapters/routes', 'legacy/guarded'],
  'src/adapter/guards.ts': ['adapters/express5', 'adapters/koa3'],
  'src/adapter/middleware-factory.ts': ['adapters/express5', 'adapters/koa3'],
  'src/adapter/reply-headers.ts': ['adapter/reply-headers', 'adapters/express5', 'adapters/koa3'],
  'src/describe.ts': ['describe', 'openapi/error-responses'],
  'src/events.ts': ['events', 'secrets/own'],
  'src/handler.ts': ['handler', 'guards/contradiction', 'events'],
  'src/idempotency/request.ts': ['idempotency/guard'],
  'src/judge.ts': ['settings', 'lakiconnect', 'provider/webhook'],
  'src/lakiconnect.ts': [
    'lakiconnect',
    'settings',
    'guards/guard',
    'provider/webhook-request',
    'provider/evidence',
    'idempotency/guard',
    'describe',
    'translation/explain',
  ],
  'src/settle.ts': [
    ...['settings', 'provider/failure', 'provider/call.results', 'provider/call.foreign', 'secrets/own'],
    ...['provider/client.retries', 'provider/client.close', 'provider/request', 'provider/exchange'],
    ...['provider/lookups', 'guards/lookup', 'guards/requirement', 'handler', 'translation/explain'],
  ],
  'src/within.ts': ['guards/beliefs', 'provider/cooldown'],
  'src/cli/guide.ts': ['cli/command', 'cli/plain-page', 'docs/reference'],
  'src/guards/admission.ts': ['guards/admission', 'lakiconnect'],
  'src/guards/facts.ts': ['guards/facts', 'lakiconnect'],
  'src/guards/guard.ts': ['guards/guard', 'guards/gate'],
  'src/guards/hold.ts': ['guards/gate', 'guards/guard', 'idempotency/guard'],
  'src/guards/refusals.ts': ['guards/refusals', 'openapi/error-responses'],
  'src/guards/requirement.ts': ['guards/requirement', 'sharing/packing'],
  'src/guards/trial.ts': ['guards/guard', 'idempotency/guard'],
  'src/guards/verdict.ts': ['guards/requirement', 'guards/lookup'],
  'src/guards/whose.ts': ['guards/guard', 'guards/merchant', 'idempotency/guard'],
  'src/messages/locale.ts': ['messages/locales'],
  'src/messages/texts.ts': ['settings', 'guards/admission'],
  'src/sharing/forgetting.ts': ['sharing/sharing'],
  'src/sharing/store.ts': ['sharing/sharing', 'sharing/shared-look'],
  'src/provider/api.ts': [
    ...['settings', 'provider/request', 'provider/lookups', 'provider/webhook', 'provider/webhook-request'],
  ],
  'src/provider/client.ts': [
    ...['attempts', 'retries', 'aborts', 'close'].map((part) => `provider/client.${part}`),
    ...['provider/cooldown', 'lakiconnect'],
  ],
  'src/provider/call.ts': [
    ...['aborts', 'bodies', 'foreign', 'hostile', 'results', 'styles'].map((part) => `provider/call.${part}`),
    ...['provider/unmapped', 'provider/failure', 'provider/client.attempts', 'provider/cooldown'],
    'guards/contradiction',
  ],
  'src/provider/exchange.ts': ['provider/exchange', 'provider/client.attempts', 'provider/client.retries'],
  'src/provider/failure.ts': [
    ...['provider/failure', 'provider/evidence', 'provider/unmapped', 'provider/call.bodies'],
    ...['provider/call.results', 'guards/contradiction', 'guards/merchant', 'handler'],
  ],
  'src/provider/lookup-replies.ts': ['provider/lookups', 'guards/lookup'],
  'src/provider/lookups.ts': ['provider/lookups', 'provider/cooldown', 'provider/unmapped', 'guards/lookup'],
  'src/provider/raw-body.ts': ['provider/raw-body', 'provider/webhook-request'],
  'src/provider/read.ts': [
    ...['provider/read', 'provider/replay', 'provider/call.bodies', 'provider/call.results'],
    ...['provider/call.aborts', 'provider/call.styles'],
  ],
  'src/provider/replay.ts': [
    ...['provider/replay', 'provider/call.results', 'provider/call.bodies', 'provider/call.aborts'],
    'provider/call.styles',
  ],
  'src/provider/webhook.ts': ['provider/webhook', 'provider/webhook-request', 'lakiconnect', 'settings'],
  'src/schemas/envelopes.ts': [
    ...['translation/envelopes', 'schemas', 'settings', 'lakiconnect', 'provider/lookups'],
    'guards/requirement',
  ],
  'src/translation/causes.ts': [
    ...['translation/network-failure', 'translation/attribution', 'translation/recognise'],
    'translation/explain',
  ],
  'src/translation/carrier.ts': ['translation/carrier', ...OBSERVED],
  'src/translation/copied.ts': ['translation/error', 'translation/explain', 'handler'],
  'src/translation/codes.ts': ['translation/codes', 'translation/envelopes', 'translation/observe'],
  'src/translation/error.ts': ['translation/error', 'translation/refusal', 'guards/admission', 'handler'],
  'src/translation/attribution.ts': [
    'translation/attribution',
    'provider/evidence',
    'translation/recognise',
    'translation/explain',
    'provider/call.results',
  ],
  'src/translation/grounds.ts': ['translation/explain'],
  'src/translation/http-error.ts': ['translation/http-error', 'handler'],
  'src/translation/finding.ts': ['translation/recognise', 'translation/outcome', 'translation/translate'],
  'src/translation/override-rule.ts': ['translation/rules', 'translation/translate', 'settings'],
  'src/translation/kind.ts': [
    ...['translation/kind', 'translation/recognise', 'translation/outcome', 'translation/translate'],
    'translation/explain',
  ],
  'src/translation/outcome.ts': [
    ...['translation/outcome', 'translation/outcome.property', 'translation/explain'],
  ],
  'src/translation/observe.ts': OBSERVED,
  'src/translation/recognise.ts': [
    ...['translation/recognise', 'translation/outcome', 'translation/translate', 'translation/explain'],
  ],
  'src/translation/weighted.ts': ['translation/negotiate'],
  'src/translation/negotiate.ts': ['translation/negotiate', 'translation/explain'],
  'src/translation/own-row.ts': ['translation/rules', 'translation/translate', 'translation/reply'],
  'src/translation/problem.ts': ['translation/reply', 'translation/http-error', 'translation/render'],
  'src/translation/text.ts': ['translation/text', 'translation/page', 'translation/translate'],
  'src/translation/render.ts': ['translation/render', 'translation/sheets'],
  'src/translation/translate.ts': ['translation/translate', 'translation/sheets'],
  'src/translation/without-stack.ts': ['translation/refusal', 'translation/recognise'],
  'src/translation/refusal.ts': ['translation/refusal', 'guards/gate', 'guards/requirement', 'lakiconnect'],
};

/** What is put to the suites of a whole folder. */
const FOLDERS = {
  'src/schemas': [
    ...['schemas', 'schemas/messages', 'settings', 'lakiconnect', 'provider/lookups', 'provider/webhook'],
    ...['guards/requirement', 'idempotency/guard'],
  ],
  'src/openapi': ['openapi/error-responses', 'openapi/whole'],
  'adapters/opentelemetry': ['opentelemetry/spans', 'opentelemetry/metrics', 'opentelemetry/instrument'],
  adapters: ['adapters/express5', 'adapters/koa3', 'adapters/routes'],
};

/** The suites, as paths, that a file's mutants are put to. @throws Error where none is known. */
export function suitesOf(file) {
  const listed = SUITES[file] ?? Object.entries(FOLDERS).find(([folder]) => file.startsWith(folder))?.[1];
  if (listed !== undefined) return listed.map((name) => `test/${name}.test.ts`);
  const folder = join('test', dirname(file).replace(/^src\/?/, ''));
  const name = basename(file, '.ts');
  const mirrors = readdirSync(folder).filter(
    (suite) => suite.startsWith(`${name}.`) && suite.endsWith('.test.ts'),
  );
  if (mirrors.length === 0)
    throw new Error(`No suite mirrors ${file}: name some in test/mutation/suites.mjs.`);
  return mirrors.map((suite) => join(folder, suite));
}

/** The files below a path of which mutants are made. */
export function filesOf(path) {
  if (!existsSync(path)) throw new Error(`There is no ${path}.`);
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true })
    .map((name) => join(path, name))
    .filter((name) => name.endsWith('.ts') && !EXCLUDED.test(name))
    .sort();
}
