import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startChromium } from './chromium.js';
import { startDemo, type Demo } from './demo.js';

/** Small, and so quickly drawn. */
const WINDOW = { width: 640, height: 480 };

interface Options {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  /** Whether scripts run. */
  readonly isLive?: boolean;
}

let demo: Demo;
let browser: Browser;
const endings: (() => Promise<void>)[] = [];
const free = new Map<boolean, Page[]>();
const taken: { readonly page: Page; readonly isLive: boolean }[] = [];

/** Whatever pages complain of; any of it fails the test that opened them. */
export const complaints: string[] = [];

beforeAll(async () => {
  demo = await startDemo();
  endings.push(async () => expect(await demo.end()).toEqual({ code: 0, complaints: '' }));
  browser = await startChromium();
  endings.push(() => browser.close());
});
afterEach(async () => {
  for (const { page, isLive } of taken.splice(0)) {
    await page.unrouteAll({ behavior: 'wait' });
    free.set(isLive, [...(free.get(isLive) ?? []), page]);
  }
  expect(complaints.splice(0)).toEqual([]);
});
afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

/** Where the demo is. */
export const demoUrl = (): string => demo.url;

/**
 * A page that shows what a query chooses. A later test may be given the same page again: the demo keeps
 * nothing in a browser, and a new one takes longer than all that most tests do.
 */
export async function visit(query = '', options: Options = {}): Promise<Page> {
  const { viewport = WINDOW, colorScheme = 'light', isLive = true } = options;
  const page = free.get(isLive)?.pop() ?? (await open(isLive));
  taken.push({ page, isLive });
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
  await page.goto(demo.url + query);
  return page;
}

async function open(javaScriptEnabled: boolean): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled });
  context.on('page', watch);
  return context.newPage();
}

/** Console lines tell of violations of a page's policy, too. */
function watch(page: Page): void {
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    if (reason !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()} ${reason}`); // given up on purpose
  });
  page.on('response', (response) => {
    if (!response.ok()) complaints.push(`${String(response.status())}: ${response.url()}`);
  });
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
}
