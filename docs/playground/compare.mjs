import { toldOfLog, toldOfReply } from './told.mjs';

/** What is wrong with a reply, as one text of some lines, if anything; `first` is the same on another way. */
export function faultsOf(scenario, reply, first) {
  const { platform, client, audience, language } = reply.way;
  const faults = [
    ...differences(comparable(reply.seen), comparable(first.seen), 'elsewhere'),
    ...(scenario.expects ? differences(outlined(reply), expected(scenario, audience), 'not') : []),
    ...reply.leaks.map((leak) => `tells of ${leak}`),
    ...(reply.isUntold ? ['is in no log'] : []),
  ];
  const name = `${scenario.id}: ${platform.name}, ${client}, ${audience}, ${language}`;
  return faults.length === 0 ? [] : [[name, ...faults].join('\n  ')];
}

/** A reply in the terms in which a scenario says what it expects. */
function outlined({ seen, charges }) {
  const { logged, became } = toldOfLog(seen.log);
  return { sees: toldOfReply(seen).code, logs: [logged, became], charges };
}

function expected({ expects }, audience) {
  return { ...expects, sees: expects.sees[audience] ?? expects.sees };
}

/** Without what is each request's own: the shop, and the client's name for what befell its connection. */
function comparable({ log, ...seen }) {
  const events = log.map(({ merchantId: _, merchantIds: __, upstreamCode, ...event }) => ({
    ...event,
    ...(event.kind !== 'UNREACHABLE' && { upstreamCode }),
  }));
  return { ...seen, log: events };
}

function differences(one, other, where) {
  const [are, shouldBe] = [one, other].map((value) => new Map(flat(value)));
  return [...new Set([...are.keys(), ...shouldBe.keys()])]
    .filter((path) => are.get(path) !== shouldBe.get(path))
    .map((path) => `${path} is ${shown(are.get(path))}, ${where} ${shown(shouldBe.get(path))}`);
}

const shown = (value) => (JSON.stringify(value) ?? 'absent').slice(0, 50);

/** The leaves of a value, each with its path. */
function flat(value, path = []) {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => flat(inner, [...path, key]))
    : [[path.join('.'), value]];
}
