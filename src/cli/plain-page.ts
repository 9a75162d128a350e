import type { Text } from '../messages/locale.js';
import type { Page } from './page.js';

/** Makes a heading of a line, where that can be seen. */
export type Emphasis = (line: string) => string;

const WITH_KEY = 'yes, but only with an idempotency key while nobody knows whether it was done';

/** A page for a terminal. */
export function plainPage(page: Page, heading: Emphasis): string {
  const { kind, meaning, met, documented, fault, retryable, level, told, next } = page;
  const audiences = Object.entries(told);
  const isOpen = audiences.some(([, { whileUnknown }]) => whileUnknown !== undefined);
  const section = (title: string, lines: readonly string[]): string[] => ['', heading(title), ...lines];
  const lines = [
    heading(kind),
    meaning,
    ...section('LakiConnect', [
      `  met as    ${met}`,
      ...(documented === undefined
        ? []
        : [`  means     ${documented.meaning}`, `  advises   ${documented.remedy}`]),
    ]),
    ...section('Answered', [
      ...audiences.map(([audience, { status, code }]) => `  ${audience}  ${String(status)} ${code}`),
      `  fault     ${fault}`,
      `  retryable ${retryable ? (isOpen ? WITH_KEY : 'yes') : 'no'}`,
      `  log       ${level}`,
    ]),
    ...audiences.flatMap(([audience, { texts, whileUnknown }]) => [
      ...section(`The ${audience} reads`, textLines(texts)),
      ...(whileUnknown === undefined
        ? []
        : section(`The ${audience} reads while nobody knows whether it was done`, textLines(whileUnknown))),
    ]),
    ...section(
      'Next',
      Object.entries(next).map(([party, step]) => `  ${party}  ${step}`),
    ),
  ];
  return lines.join('\n');
}

function textLines(texts: Readonly<Record<string, Text>>): string[] {
  return Object.entries(texts).flatMap(([tag, { title, detail }]) => [
    `  ${tag}  ${title}`,
    `      ${detail}`,
  ]);
}
