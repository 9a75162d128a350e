import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { complaints, visit } from './visit.js';

const run = (script: string) => (page: Page) => page.evaluate(script).catch(() => undefined);

/** Otherwise that no test fails would say little. */
describe('Of a page it is noticed that', () => {
  test.each<[string, RegExp, (page: Page) => unknown]>([
    ['it says something', /^log: so$/, run('console.log("so")')],
    ['its script throws', /^thrown: so$/, run('setTimeout(() => { throw new Error("so") })')],
    [
      'a request fails',
      /^failed: .*\/gone net::ERR_FAILED$/,
      async (page) => {
        await page.route('**/gone', (route) => route.abort('failed'));
        await page.evaluate('fetch("/gone").catch(() => undefined)');
      },
    ],
    ['a file is missing', /^404: .*\/no\.svg$/, run('new Image().src = "/no.svg"')],
    [
      'it styles itself against its policy',
      /^error: .*Content Security Policy/s,
      run('document.body.setAttribute("style", "color: red")'),
    ],
    [
      'it asks somebody else',
      /^error: .*Content Security Policy/s,
      run('fetch("http://127.0.0.1:9/").catch(() => undefined)'),
    ],
    ['it opens a dialog', /^dialog: so$/, run('alert("so")')],
  ])('%s', async (_, complaint, offend) => {
    const page = await visit();
    await offend(page);
    for (let turns = 0; turns < 50 && complaints.length === 0; turns++) await page.waitForTimeout(20);
    expect(complaints.splice(0)).toContainEqual(expect.stringMatching(complaint));
  });
});
