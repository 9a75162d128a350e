/** The longest wait that is ever told to a client, in seconds. */
const DAY = 86_400;

const MAX_FIELD = 40;

const DATE =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/;

/**
 * Reads a `Retry-After` field: whole seconds or one of the three HTTP-date forms (RFC 9110 sections
 * 10.2.3 and 5.6.7), nothing else. A date is measured from the answer's own `Date`, where that is within a day of
 * `now`: whose clock is wrong does not matter then.
 *
 * @returns milliseconds; `undefined` if the field is absent, malformed or in the past.
 */
export function parseRetryAfter(field: string | undefined, now: number, date?: string): number | undefined {
  if (field === undefined || field.length > MAX_FIELD) return undefined;
  if (/^\d+$/.test(field)) {
    const seconds = Number(field);
    return seconds > 0 ? seconds * 1000 : undefined;
  }
  const until = parseDate(field);
  const sent = parseDate(date);
  const isNear = sent !== undefined && Math.abs(sent - now) <= DAY * 1000;
  const wait = until === undefined ? 0 : until - (isNear ? sent : now);
  return wait > 0 ? wait : undefined;
}

/** An HTTP-date, in milliseconds since the epoch. */
function parseDate(field: string | undefined): number | undefined {
  if (field === undefined || field.length > MAX_FIELD || !DATE.test(field)) return undefined;
  const time = Date.parse(field.endsWith('GMT') ? field : `${field} GMT`);
  return Number.isNaN(time) ? undefined : time;
}

/** A wait as delta-seconds for a reply: rounded up, at least 1, at most a day. */
export function deltaSeconds(ms: number): number {
  return Math.min(Math.max(Math.ceil(ms / 1000), 1), DAY);
}
