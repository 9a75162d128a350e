const HINTS = ['unmapped'];
const CONSEQUENCES = ['disagreement', 'invalidated'];

/** What is told of LakiConnect's answer, and of what was logged of it, in two short lines each. */
export function told({ code, form, answer }, log) {
  const said =
    answer !== undefined && answer.status === undefined ? 'no answer' : words(answer?.status, code);
  return { said, form, ...toldOfLog(log) };
}

/** What is told of a reply: an error, or the payment. */
export function toldOfReply({ status, headers, body }) {
  const wait = headers['retry-after'];
  return {
    code: `${words(status, body.code ?? body.status)}${wait === null ? '' : `, wait ${wait} s`}`,
    title: body.title ?? body.message ?? '',
  };
}

/** What was logged, in two short lines. */
export function toldOfLog(log) {
  const event = log.find(({ type, origin }) => type === 'translated' && origin === 'upstream');
  return event === undefined ? toldOfGuard(log) : toldOfError(event, log);
}

function toldOfError({ level, kind, outcome, upstreamStatus, upstreamCode }, log) {
  const and = (types) => types.filter((type) => log.some((event) => event.type === type));
  const upstream = words(upstreamStatus, upstreamCode === kind ? undefined : upstreamCode);
  return {
    level,
    logged: `${level.padEnd(5)} ${[kind, ...and(HINTS)].join(', ')}`,
    became: [upstream === '' ? outcome : `${outcome} (${upstream})`, ...and(CONSEQUENCES)].join(', '),
  };
}

const GUARD_EVENTS = {
  refused: ({ type, kind, mode }) => words(type, kind, mode === 'report' ? '(report)' : undefined),
  undetermined: ({ type }) => type,
  invalidated: ({ type }) => type,
  webhook: ({ type, status }) => words(type, status),
};
const REQUIREMENTS = { kycApproved: 'kyc', feeConfigured: 'fee' };

function toldOfGuard(log) {
  const lookups = log.filter(({ type }) => type === 'lookup');
  const events = log.filter(({ type }) => Object.hasOwn(GUARD_EVENTS, type));
  const [first] = [...events, ...lookups];
  if (first === undefined) return { logged: '–', became: '' };

  const names = events.length === 0 ? ['lookup'] : events.map((event) => GUARD_EVENTS[event.type](event));
  const found = lookups.map(({ requirement, verdict, stale }) =>
    words(REQUIREMENTS[requirement], stale ? 'stale' : verdict.replace('undetermined', 'unknown')),
  );
  return {
    level: first.level,
    logged: `${first.level.padEnd(5)} ${names.join(', ')}`,
    became: found.length === 0 ? '' : `looked: ${found.join(', ')}`,
  };
}

function words(...parts) {
  return parts.filter((part) => part !== undefined).join(' ');
}
