import type { Page } from 'playwright-core';

/** What the page shows, in its own words. */
export interface Shown {
  /** Of each figure of the strip its value and its note. */
  readonly figures: Readonly<Record<string, readonly [value: string, note: string]>>;
  /** Every step, and how it was answered. */
  readonly history: readonly string[];
  /** What LakiConnect answered. */
  readonly said: { readonly status: number | undefined; readonly body: string };
  /** What the reader receives. */
  readonly received: {
    readonly reader: string;
    readonly status: number | undefined;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    /** The source of the page, where it is one. */
    readonly page: string;
  };
  /** What operators see, the oldest first. */
  readonly logged: readonly Readonly<Record<string, string>>[];
  /** Why the reply is as it is, step by step. */
  readonly why: Readonly<Record<string, string>>;
  /** What whoever cannot see it is told. */
  readonly announced: string;
}

/** Reads it all at once: what is shown could change between two looks. */
export function shownBy(page: Page): Promise<Shown> {
  return page.locator('body').evaluate((body) => {
    const all = (selector: string, within = body) => [...within.querySelectorAll(selector)];
    const textOf = (element: { textContent: string } | undefined) =>
      element?.textContent.replace(/\s+/g, ' ').trim() ?? '';
    const [said, received, logged] = all('.flow > li');

    const card = (element: unknown) => {
      const [headers, content] = all('pre', element);
      const status = textOf(all('.status code', element)[0]);
      const lines = textOf(headers) === '' ? [] : headers.textContent.split('\n');
      return {
        reader: textOf(all('h2', element)[0]),
        status: status === '' ? undefined : Number(status),
        headers: Object.fromEntries(lines.map((line: string) => line.split(/: (.*)/s).slice(0, 2))),
        body: content?.textContent ?? '',
        page: all('iframe', element)[0]?.srcdoc ?? '',
      };
    };
    return {
      figures: Object.fromEntries(
        all('.figure').map((figure) => {
          const [label, value, note] = [...figure.children].map(textOf);
          return [label, [value, note]];
        }),
      ),
      history: all('.history li').map(textOf),
      said: card(said),
      received: card(received),
      logged: all('.events > li', logged).map((event) => {
        const [level = '', type = ''] = all('b', event).map(textOf);
        const names = all('dt', event).map(textOf);
        const values = all('dd', event).map(textOf);
        return { level, type, ...Object.fromEntries(names.map((name, at) => [name, values[at] ?? ''])) };
      }),
      why: Object.fromEntries(
        all('.why dt', logged).map((step) => [textOf(step), textOf(step.nextElementSibling)]),
      ),
      announced: textOf(all('[role=status]')[0]),
    };
  });
}
