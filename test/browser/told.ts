import type { Shown } from './shown.js';

const LANGUAGES = { en: /^[^\p{Script=Ethiopic}]+$/u, am: /^[^A-Za-z]*\p{Script=Ethiopic}[^A-Za-z]*$/u };

/** What a reader was told, in one line: of a problem its outcome and the language of its words, too. */
export function toldBy({ received: { status = 0, body, headers } }: Shown): string {
  const { code, title, detail, outcome, status: within } = JSON.parse(body);
  if (status < 400) return String(status);
  const words = `${title} ${detail}`;
  const language = Object.entries(LANGUAGES).find(([, letters]) => letters.test(words))?.[0] ?? 'no language';
  return [
    `${String(status)} ${code}, ${outcome}, in ${language}`,
    ...(within === status ? [] : [`but ${within} within`]),
    ...(headers['content-language'] === language ? [] : [`but labelled ${headers['content-language']}`]),
  ].join(', ');
}
