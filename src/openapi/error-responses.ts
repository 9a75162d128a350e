import type { LakiConnect } from '../core.js';
import type { Description } from '../describe.js';
import { refusalsOf, type Refusals } from '../guards/refusals.js';
import { judged } from '../judge.js';
import type { Reply } from '../translation/reply.js';
import type { Audience } from '../translation/rules.js';
import { sorted, type Components, type ErrorResponses } from './document.js';
import { endsOfCalls, refusedFor, type Possible } from './errors.js';
import type { Given } from './examples.js';
import { errorResponsesOptions, isRequirement, type ErrorResponsesOptions } from './options.js';
import { responseOf } from './response.js';

/** What is used of the library, be it `createLakiConnect`'s or an adapter's. */
type Laki = Pick<LakiConnect, 'describe' | 'translate'>;

/**
 * The replies to LakiConnect's errors as parts of an OpenAPI 3.1 document, made by what answers. Of equal settings
 * and guards it is always the same.
 *
 * @throws TypeError naming the path of a wrong option, or if a requirement cannot be looked up; what a function of
 * the platform's throws, such as `format`.
 */
export function errorResponses(laki: Laki, options: ErrorResponsesOptions = {}): ErrorResponses {
  const { guards = [], calls = options.guards === undefined } = judged(errorResponsesOptions, options);
  const description = laki.describe();
  const told: { readonly possible: readonly Possible[]; readonly audience: Audience }[] = [];
  let audience = options.audience ?? description.audience;
  for (const guard of guards) {
    const refusals = isRequirement(guard) ? laki.describe([guard]).refusals : (refusalsOf(guard) as Refusals);
    audience = options.audience ?? refusals.audience ?? audience; // as a guard's own goes on after it
    told.push({ possible: refusedFor(refusals.reasons, description), audience });
  }
  // What a call has to tell goes first: its request has an id.
  if (calls) told.unshift({ possible: possibleOfCalls(description), audience });
  return described(
    told.flatMap(({ possible, audience }) =>
      possible.flatMap((one) => given(one, audience, laki, description)),
    ),
    description,
  );
}

/** A call of `client` for what is no merchant's id is never made. */
function possibleOfCalls(description: Description): Possible[] {
  return [...endsOfCalls(description), ...refusedFor([{ kind: 'MERCHANT_UNIDENTIFIED' }], description)];
}

/** Its replies in every form and language. */
function given(
  { error, isTypical }: Possible,
  audience: Audience,
  laki: Laki,
  { media: types, locales }: Description,
): Given[] {
  return types.flatMap((media) =>
    locales.map((locale) => {
      const reply = laki.translate(error, { audience, accept: media, locale }) as Reply;
      return { reply, audience, media, isTypical };
    }),
  );
}

function described(replies: readonly Given[], description: Description): ErrorResponses {
  const statuses = [...new Set(replies.map(({ reply }) => reply.status))];
  const parts = statuses.map((status) => ({
    status,
    ...responseOf(
      replies.filter(({ reply }) => reply.status === status),
      description,
    ),
  }));
  const all = <Section extends keyof Components>(section: Section): Components[Section] =>
    sorted(parts.flatMap(({ components }) => Object.entries(components[section]))) as Components[Section];
  return unshared({
    components: { schemas: all('schemas'), headers: all('headers'), examples: all('examples') },
    responses: sorted(parts.map(({ status, response }) => [String(status), response])),
  });
}

/** Its caller's to change; and what is the same object twice would be an anchor in YAML. */
function unshared(made: ErrorResponses): ErrorResponses {
  return JSON.parse(JSON.stringify(made)) as ErrorResponses;
}
