import { am } from '../messages/am.js';
import { en } from '../messages/en.js';
import type { Locale, Text } from '../messages/locale.js';
import { om } from '../messages/om.js';
import { so } from '../messages/so.js';
import { ti } from '../messages/ti.js';
import { CATALOG, type CatalogEntry } from '../translation/catalog.js';
import { LakiConnectError } from '../translation/error.js';
import { faceOf } from '../translation/face.js';
import {
  RULES,
  type Audience,
  type Fault,
  type Kind,
  type Level,
  type PublicCode,
} from '../translation/rules.js';
import { wordsOf } from '../translation/translate.js';
import { GUIDE, type Party } from './guide.js';

/** The languages that texts are in, the usual one first. */
export const LOCALES: readonly Locale[] = [en, am, om, so, ti];

export const AUDIENCES: readonly Audience[] = ['merchant', 'customer'];

/** How one audience is answered, and what it reads, by language tag. */
interface Told {
  readonly status: number;
  readonly code: string;
  readonly texts: Readonly<Record<string, Text>>;
  /** What it reads in their place where nobody knows whether the provider acted, if that is to be expected. */
  readonly whileUnknown?: Readonly<Record<string, Text>>;
}

/** All there is to know of a kind, with the standard rules and texts. */
export interface Page {
  readonly kind: Kind;
  readonly meaning: string;
  readonly met: string;
  /** What LakiConnect's own documents say, if they name it. */
  readonly documented?: Pick<CatalogEntry, 'meaning' | 'remedy'>;
  readonly fault: Fault;
  readonly retryable: boolean;
  readonly level: Level;
  readonly told: Readonly<Partial<Record<Audience, Told>>>;
  readonly next: Readonly<Partial<Record<Party, string>>>;
}

export function pageOf(kind: Kind, audiences: readonly Audience[], locales: readonly Locale[]): Page {
  const { met, meaning, next } = GUIDE[kind];
  const { fault, retryable, level } = RULES[kind];
  const entry = documentedOf(kind);
  return {
    kind,
    meaning,
    met,
    ...(entry === undefined ? {} : { documented: { meaning: entry.meaning, remedy: entry.remedy } }),
    fault,
    retryable,
    level,
    told: Object.fromEntries(audiences.map((audience) => [audience, toldTo(audience, kind, locales)])),
    next: Object.fromEntries((['platform', ...audiences] as const).map((party) => [party, next[party]])),
  };
}

function documentedOf(kind: Kind): CatalogEntry | undefined {
  return Object.hasOwn(CATALOG, kind) ? CATALOG[kind as keyof typeof CATALOG] : undefined;
}

function toldTo(audience: Audience, kind: Kind, locales: readonly Locale[]): Told {
  const { outcome } = new LakiConnectError({ kind });
  const face = faceOf(RULES[kind], audience, { outcome: 'rejected' });
  const { status, code } = face;
  const words = wordsOf(kind, outcome, face) as PublicCode;
  const textsOf = (of: PublicCode): Told['texts'] =>
    Object.fromEntries(locales.map(({ tag, texts }) => [tag, texts[of][audience]]));
  return {
    status,
    code,
    texts: textsOf(code as PublicCode),
    ...(words !== code && { whileUnknown: textsOf(words) }),
  };
}
