import { leaksIn } from 'lakiconnect-middleware/testing';
import { setTimeout } from 'node:timers/promises';
import { CLIENT_NAMES } from './clients.mjs';
import { faultsOf } from './compare.mjs';
import { requestOf, shopUrl } from './requests.mjs';

export const AUDIENCES = ['customer', 'merchant'];
export const LANGUAGES = ['en', 'am'];

const COMPARED_HEADERS = ['content-type', 'content-language', 'cache-control', 'retry-after', 'vary'];

/** What must stay between LakiConnect and the platform, beside its secrets. */
const GATEWAY = 'nginx';
const PRIVATE_HEADERS = ['set-cookie', 'www-authenticate'];

/** What LakiConnect knows of a merchant of whom nothing else is told. */
export const ABLE = { kycStatus: 'approved', feeConfig: { fee_model: 'PERCENT', fee_value: 2 } };

/** Longer than anything is remembered, be it a fact or a request to wait. */
const LONG_MS = 3_600_000;

/**
 * Meets scenarios, one after another, with every client on every platform, as each reader in each language.
 * Each of these ways has a merchant of its own.
 *
 * @returns of each scenario what each reader saw in each language, what was logged, how many replies were
 * compared, and a text for each reply that was not as it should be.
 */
export async function meet(story, stage) {
  const ways = AUDIENCES.flatMap((audience) =>
    LANGUAGES.flatMap((language) =>
      stage.platforms.flatMap((platform) =>
        CLIENT_NAMES.map((client) => ({ audience, language, platform, client, shop: newShop(stage) })),
      ),
    ),
  );
  stage.clock.advance(LONG_MS);
  if (story[0].known) await Promise.all(ways.map((way) => sent({ url: shopUrl(story[0], way) })));
  const met = [];
  for (const scenario of story) {
    stage.clock.advance(scenario.afterMs ?? 0);
    for (const way of ways) announce(scenario, way, stage);
    met.push(outcome(scenario, await repliesTo(scenario, ways, stage)));
  }
  return met;
}

let shops = 0;

/** A merchant of whom the platform knows nothing yet. */
function newShop({ fake }) {
  const shop = `cm_${String(++shops)}`;
  fake.merchants.set(shop, ABLE);
  return shop;
}

/** Tells LakiConnect what a scenario says of its merchant. */
function announce({ merchant, isLinked = true, lookupsDown = false, answer }, { shop }, { fake, down }) {
  if (merchant) fake.merchants.set(shop, { ...fake.merchants.get(shop), ...merchant });
  if (!isLinked) fake.merchants.delete(shop);
  if (lookupsDown) down.add(shop);
  if (answer) fake.answerNext(answer, { merchantId: shop, path: /^\/payment\// });
}

/** The status, headers and text that a request is answered with. */
export async function sent({ url, ...init }) {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** A forged webhook's log lines tell of no merchant: one at a time, it is known whose they are. */
async function repliesTo(scenario, ways, stage) {
  if (!scenario.webhook) return Promise.all(ways.map((way) => replyTo(scenario, way, stage)));
  const replies = [];
  for (const way of ways) replies.push(await replyTo(scenario, way, stage));
  return replies;
}

async function replyTo(scenario, way, { fake, journal }) {
  const { shop } = way;
  const before = { events: journal.length, requests: fake.requests.length };
  const reply = await sent(requestOf(scenario, way, fake));
  const log = await wholeLog(() =>
    journal.slice(before.events).filter(({ merchantId }) => scenario.webhook || merchantId === shop),
  );
  return {
    way,
    seen: {
      status: reply.status,
      headers: Object.fromEntries(comparedHeaders(reply).map((name) => [name, reply.headers.get(name)])),
      // A payment's own id is each reply's own.
      body: reply.status < 400 ? { status: parsed(reply.text).status } : parsed(reply.text),
      log,
    },
    charges: fake.requests
      .slice(before.requests)
      .filter(({ path, merchantId }) => path === '/payment/direct' && merchantId === shop).length,
    leaks: [
      ...leaksIn({ ...reply, body: reply.text }, [...fake.secrets, GATEWAY]).map(({ secret }) => secret),
      ...PRIVATE_HEADERS.filter((name) => reply.headers.has(name)),
    ],
    isUntold: reply.status >= 400 && !log.some(({ type }) => type === 'translated' || type === 'webhook'),
  };
}

/** The type of an empty body is each framework's own affair. */
function comparedHeaders({ text }) {
  return COMPARED_HEADERS.filter((name) => text !== '' || name !== 'content-type');
}

/**
 * Two requirements are looked up side by side, and end in any order: a refusal for the first does not wait
 * for the second.
 */
async function wholeLog(read) {
  const rank = ({ type, requirement }) => (type !== 'lookup' ? 2 : requirement === 'kycApproved' ? 0 : 1);
  for (let turns = 0; turns < 100 && read().filter(isLookup).length % 2 !== 0; turns++) await setTimeout(10);
  return read().toSorted((one, other) => rank(one) - rank(other));
}

function isLookup({ type }) {
  return type === 'lookup';
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function outcome(scenario, replies) {
  const firstOf = (audience, language) =>
    replies.find(({ way }) => way.audience === audience && way.language === language);
  return {
    scenario,
    seen: Object.fromEntries(
      AUDIENCES.map((audience) => [
        audience,
        Object.fromEntries(LANGUAGES.map((language) => [language, firstOf(audience, language).seen])),
      ]),
    ),
    log: replies[0].seen.log,
    replies: replies.length,
    wrong: replies.flatMap((reply) => {
      const { audience, language } = reply.way;
      return faultsOf(scenario, reply, firstOf(audience, language));
    }),
  };
}
