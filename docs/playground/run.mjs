import { CLIENT_NAMES } from './clients.mjs';
import { requestOf } from './requests.mjs';

export const AUDIENCES = ['customer', 'merchant'];
export const LANGUAGES = ['en', 'am'];

const COMPARED_HEADERS = ['content-type', 'content-language', 'cache-control', 'retry-after', 'vary'];

/** What must stay between LakiConnect and the platform. */
const SECRETS = /lk_pub_demo|lk_sec_demo|laki_sid|nginx/;
const PRIVATE_HEADERS = ['set-cookie', 'www-authenticate'];

/**
 * Meets a scenario with every client on every platform, as each reader in each language.
 *
 * @returns what each reader saw in each language, what was logged, how many replies were compared, and a
 * text for each reply that was not as it should be.
 */
export async function meet(scenario, platforms, journal) {
  const readers = AUDIENCES.flatMap((audience) => LANGUAGES.map((language) => ({ audience, language })));
  const groups = await Promise.all(
    readers.map(async (reader) => {
      const ways = platforms.flatMap((platform) => CLIENT_NAMES.map((client) => ({ platform, client })));
      const replies = await Promise.all(ways.map((way) => replyTo(scenario, { ...way, ...reader }, journal)));
      return { reader, replies };
    }),
  );
  const seen = Object.fromEntries(AUDIENCES.map((audience) => [audience, {}]));
  for (const { reader, replies } of groups) seen[reader.audience][reader.language] = replies[0].seen;
  return {
    scenario,
    seen,
    log: groups[0].replies[0].seen.log,
    replies: groups.flatMap(({ replies }) => replies).length,
    wrong: groups.flatMap(({ replies }) => replies.flatMap((reply) => fault(reply, replies[0]))),
  };
}

let shops = 0;

async function replyTo(scenario, { platform, client, audience, language }, journal) {
  const shop = `cm_${String(++shops)}`; // one for each request, by which its log lines are found
  const { url, ...init } = requestOf(scenario, { platform, client, audience, shop });
  const response = await fetch(url, { ...init, headers: { ...init.headers, 'accept-language': language } });
  const text = await response.text();
  const headers = Object.fromEntries(COMPARED_HEADERS.map((name) => [name, response.headers.get(name)]));
  const log = journal.filter(({ merchantId }) => merchantId === shop);
  return {
    name: `${scenario.id}: ${platform.name}, ${client}, ${audience}, ${language}`,
    seen: { status: response.status, headers, body: parsed(text), log },
    leaks: [...(SECRETS.exec(text) ?? []), ...PRIVATE_HEADERS.filter((name) => response.headers.has(name))],
    isUntold: response.status >= 400 && !log.some(({ type }) => type === 'translated'),
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What is wrong with a reply, as one text of some lines; `first` is the same reply on another way. */
function fault(reply, first) {
  const faults = [
    ...differences(comparable(reply.seen), comparable(first.seen)),
    ...reply.leaks.map((leak) => `tells of ${leak}`),
    ...(reply.isUntold ? ['is in no log'] : []),
  ];
  return faults.length === 0 ? [] : [[reply.name, ...faults].join('\n  ')];
}

/** Without what is each request's own: the shop, and the client's name for what befell its connection. */
function comparable({ log, ...seen }) {
  const events = log.map(({ merchantId: _, upstreamCode, ...event }) => ({
    ...event,
    ...(event.kind !== 'UNREACHABLE' && { upstreamCode }),
  }));
  return { ...seen, log: events };
}

function differences(one, other) {
  const [are, shouldBe] = [one, other].map((value) => new Map(flat(value)));
  return [...new Set([...are.keys(), ...shouldBe.keys()])]
    .filter((path) => are.get(path) !== shouldBe.get(path))
    .map((path) => `${path} is ${shown(are.get(path))}, elsewhere ${shown(shouldBe.get(path))}`);
}

const shown = (value) => (JSON.stringify(value) ?? 'absent').slice(0, 50);

/** The leaves of a value, each with its path. */
function flat(value, path = []) {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => flat(inner, [...path, key]))
    : [[path.join('.'), value]];
}
