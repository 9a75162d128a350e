import type { Admitted } from './guards/lookup.js';
import { reasonsOf, refusalsBy, type Refusals } from './guards/refusals.js';
import type { Settings } from './settings.js';
import { audienceOf } from './translation/face.js';
import { kindsOfCalls } from './translation/kind.js';
import type { Audience, Kind, Rule } from './translation/rules.js';

/** What replies are made of, as the options have settled it. */
export interface Description {
  /** Who reads a reply where nobody else says so; a customer where that depends on the request. */
  readonly audience: Audience;
  /** The kinds that a call can end in. */
  readonly kinds: readonly Kind[];
  readonly rules: Readonly<Record<Kind, Rule>>;
  /** The tags of the languages offered, the default first. */
  readonly locales: readonly string[];
  /** The media types offered, the preferred first. */
  readonly media: readonly string[];
  /** The form of JSON; `undefined` where a function of the platform's writes it. */
  readonly format: 'problem' | 'envelope' | undefined;
  /** What a guard of the requirements asked about may refuse with. */
  readonly refusals: Refusals;
}

export function describe(settings: Settings<never>, requirements: readonly Admitted[]): Description {
  const { audience, codes, rules, texts, renderers, format } = settings;
  return {
    audience: audienceOf(audience),
    kinds: kindsOfCalls(codes),
    rules,
    locales: [...texts.keys()],
    media: [...renderers.keys()],
    format: typeof format === 'function' ? undefined : format,
    refusals: refusalsBy(reasonsOf(requirements), {}),
  };
}
