import { shopUrl } from './requests.mjs';

const ORDER = { amount: 100, currency: 'ETB', reference: 'order-1' };
const ANOTHER = { amount: 250, currency: 'ETB', reference: 'order-0' };

/**
 * Pays, and before it what the choice of an idempotency key asks for. `watch` does something and tells what came of
 * it; the payment that is spoken of is the last.
 */
export async function pay(stage, settings, shop, watch) {
  const paid = (order) => charge(stage, settings, shop, order);
  if (settings.key === 'used')
    return [await watch('another order', () => paid(ANOTHER)), await watch('', () => paid(ORDER))];
  return settings.key === 'twice'
    ? twice(stage, () => paid(ORDER), watch)
    : [await watch('', () => paid(ORDER))];
}

/** The first is not saved yet when the second comes, unless a guard has stopped it. */
async function twice({ gate }, paid, watch) {
  const { came, release } = gate.hold();
  let second;
  const first = await watch('the first of two', async () => {
    const reply = paid();
    const isHeld = await Promise.race([came.then(() => true), reply.then(() => false)]);
    if (isHeld) second = await watch('the second of two', paid);
    release();
    return reply;
  });
  return second === undefined
    ? [first, await watch('the second of two', paid)]
    : [without(first, second), second];
}

function without(act, { exchanges, events, explanations }) {
  return {
    ...act,
    exchanges: act.exchanges.filter((each) => !exchanges.includes(each)),
    events: act.events.filter((each) => !events.includes(each)),
    explanations: act.explanations.filter((each) => !explanations.includes(each)),
  };
}

const HAS_KEY = new Set(['sent', 'used', 'twice']);

async function charge({ platforms: [platform] }, settings, shop, order) {
  const { fail, guard, audience, client, lang, accept, key } = settings;
  const place = {
    down: fail === 'refused',
    hasty: fail.startsWith('hang'),
    trial: guard === 'report',
    keyed: key === 'missing',
  };
  return sent(`${shopUrl(place, { platform, audience, shop })}/charges?client=${client}`, {
    headers: {
      accept,
      'accept-language': lang,
      'content-type': 'application/json',
      ...(HAS_KEY.has(key) && { 'idempotency-key': 'order-1' }),
    },
    body: JSON.stringify(order),
  });
}

/** The status, headers and text that a POST is answered with. */
export async function sent(url, init) {
  const response = await fetch(url, { method: 'POST', ...init });
  return { status: response.status, headers: [...response.headers], text: await response.text() };
}
