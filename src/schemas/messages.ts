import { z } from 'zod';
import { is, nonEmpty } from './primitives.js';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const phrase = nonEmpty("a text such as 'Please try again.'");
const TEXT_OR_PARTS = "a text, or { title, detail } with at least one of them, such as 'Please try again.'";
const words = z.union(
  [
    nonEmpty(TEXT_OR_PARTS),
    z
      .strictObject({ title: phrase.optional(), detail: phrase.optional() })
      .refine(({ title, detail }) => title !== undefined || detail !== undefined, {
        error: TEXT_OR_PARTS,
      }),
  ],
  { error: TEXT_OR_PARTS },
);

const readers = z.strictObject(
  { merchant: words.optional(), customer: words.optional() },
  { error: "texts by audience, such as { customer: 'Please try again.' }" },
);

/** Texts of the platform's own: `messages[locale][code][audience]`. */
export const messages = z.record(
  z.string(),
  z.record(z.string(), readers, { error: "texts by code, such as { NOT_FOUND: { customer: '…' } }" }),
  { error: "texts by locale, such as { en: { NOT_FOUND: { customer: '…' } } }" },
);

const isIssues = (value: unknown): boolean =>
  isRecord(value) && Object.values(value).every((text) => text === undefined || typeof text === 'string');

/** A language as the exported ones are; its texts are judged where they are needed. */
export const locale = is(
  "a language such as the exported `en` and `am`: { tag: 'fr', texts: … }",
  (value) =>
    isRecord(value) &&
    typeof value['tag'] === 'string' &&
    /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(value['tag']) &&
    isRecord(value['texts']) &&
    (value['issues'] === undefined || isIssues(value['issues'])),
);
