import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { choose, chooser } from './choose.js';
import { leaksTo } from './leaks.js';
import { ANSWERS, ERRORS, expected, FAULTS, FORMS, type Form, type Reader } from './oracle.js';
import { shownBy, type Shown } from './shown.js';
import { toldBy } from './told.js';
import { visit } from './visit.js';

const HOW = 'How it answers the payment';
const FORM = 'In which form an error comes';
const CHOICES = [...Object.keys(ERRORS), ...Object.keys(FAULTS)];
const LAST_FIRST = [...CHOICES].reverse(); // the first is chosen from the start
const PROBLEM = 'application/problem+json';

/** What a reader should be told, in the words of `toldBy`. */
function toldTo(reader: Reader, language: string, failure: string, form: Form = 'documented'): string {
  const fault = FAULTS[failure];
  if (!(failure in ERRORS) && fault === undefined) return '201';
  const { answer, outcome } = fault
    ? { ...fault, answer: ANSWERS[fault.kind][reader] }
    : expected(failure, form, reader);
  return `${answer.join(' ')}, ${outcome}, in ${language}`;
}

/** What is wrong with what is shown beside the reply itself. */
function faultsOf(shown: Shown, reader: Reader): string[] {
  const { received, logged, announced, history, why } = shown;
  const translated = logged.filter(({ type }) => type === 'translated');
  const isError = (received.status ?? 0) >= 400;
  return [
    ...leaksTo(reader, shown).map((leak) => `tells ${reader}s: ${leak}`),
    ...(translated.length === (isError ? 1 : 0) ? [] : [`${String(translated.length)} translated events`]),
    ...(isError && translated[0]?.['status'] !== String(received.status) ? ['logs another status'] : []),
    ...whyNot(why, isError ? translated[0] : undefined),
    ...(received.reader === `The ${reader} receives` ? [] : [received.reader]),
    ...(history.length === 1 && history[0]?.includes(String(received.status)) ? [] : history),
    ...(announced.includes(String(received.status)) ? [] : [`announces ${announced}`]),
  ];
}

/** What an explanation has otherwise than the event that is told of the same reply. */
function whyNot(why: Shown['why'], event: Shown['logged'][number] | undefined): string[] {
  if (event === undefined) return Object.keys(why);
  const { kind, outcome, audience, locale } = event;
  const expected = { Kind: kind, Outcome: outcome, Audience: audience, Language: locale };
  return Object.entries(expected)
    .filter(([step, value]) => !why[step]?.startsWith(`${String(value)}, by `))
    .map(([step]) => `explains as ${step}: ${String(why[step])}`);
}

/** Chooses one answer after another. @returns of each what the reader was told, and what else was wrong. */
async function told(page: Page, failures: readonly string[], reader: Reader) {
  const seen: Record<string, readonly [told: string, ...wrong: string[]]> = {};
  const answer = await chooser(page, HOW);
  for (const failure of failures) {
    await answer(failure);
    const shown = await shownBy(page);
    const [status] = ERRORS[failure] ?? [shown.said.status];
    const isSent = shown.said.status === status ? [] : [`LakiConnect says ${String(shown.said.status)}`];
    seen[failure] = [toldBy(shown), ...isSent, ...faultsOf(shown, reader)];
  }
  return seen;
}

const tabled = <T>(keys: readonly string[], value: (key: string) => T) =>
  Object.fromEntries(keys.map((key) => [key, value(key)]));

describe('Of every way in which LakiConnect can answer', () => {
  test('there is one choice in the form', async () => {
    const page = await visit();
    const options = page.getByRole('combobox', { name: HOW }).locator('option');
    const values = await options.evaluateAll((all) => all.map(({ value }) => value as string));
    expect([...values].sort()).toEqual([...CHOICES, 'DUPLICATE_REFERENCE'].sort());
  });

  test.each<[Reader, string]>([
    ['customer', 'en'],
    ['customer', 'am'],
    ['merchant', 'en'],
    ['merchant', 'am'],
  ])('a %s is told in %s by both frameworks', async (reader, language) => {
    const answers = await Promise.all(
      ['express', 'koa'].map(async (framework) => {
        const page = await visit();
        await choose(page, 'Framework', framework);
        await choose(page, 'Who reads it', reader);
        await choose(page, 'Language', language);
        await choose(page, 'Accept', PROBLEM);
        return told(page, LAST_FIRST, reader);
      }),
    );
    const expected = tabled(CHOICES, (failure) => [toldTo(reader, language, failure)]);
    expect(answers).toEqual([expected, expected]);
  });
});

/** In the documented form they are above. */
const OTHERS = (Object.keys(FORMS) as Form[]).filter((form) => form !== 'documented');

describe('Whatever form an error comes in', () => {
  test('a customer is told what it is, and none of its words', async () => {
    const answers = await Promise.all(
      OTHERS.map(async (form) => {
        const page = await visit();
        await choose(page, FORM, form);
        await choose(page, 'Accept', PROBLEM);
        return [form, await told(page, Object.keys(ERRORS), 'customer')];
      }),
    );
    const expectedIn = (form: string) =>
      tabled(Object.keys(ERRORS), (failure) => [toldTo('customer', 'en', failure, form as Form)]);
    expect(Object.fromEntries(answers)).toEqual(tabled(OTHERS, expectedIn));
  });
});

describe('Whatever befalls the network', () => {
  test('every HTTP client makes the same of it', async () => {
    const answers = await Promise.all(
      ['fetch', 'got'].map(async (client) => {
        const page = await visit();
        await choose(page, 'HTTP client', client);
        await choose(page, 'Accept', PROBLEM);
        return told(page, Object.keys(FAULTS).reverse(), 'customer');
      }),
    );
    const expected = tabled(Object.keys(FAULTS), (failure) => [toldTo('customer', 'en', failure)]);
    expect(answers).toEqual([expected, expected]);
  });
});
