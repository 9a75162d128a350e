import type { Page } from 'playwright-core';
import { shownBy } from './shown.js';

/** What is shown, without what is each visit's own: ids, dates, how long something took, the merchant's number. */
export async function comparable(page: Page): Promise<unknown> {
  const chosen = await page
    .locator('select, input')
    .evaluateAll((all) => all.map(({ name, value }) => `${name}=${value}`));
  const shown = JSON.stringify({ ...(await shownBy(page)), chosen })
    .replaceAll(/cm_\d+/g, 'cm_…')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'an id')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'a date')
    .replaceAll(/"durationMs":"\d+"/g, '"durationMs":"…"')
    .replaceAll(/"content-length":"\d+"/g, '"content-length":"…"');
  return JSON.parse(shown);
}
