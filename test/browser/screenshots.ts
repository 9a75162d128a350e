import { describe, expect, test } from '@jest/globals';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { visit } from './visit.js';

const DIRECTORY = fileURLToPath(new URL('../../coverage/screenshots/', import.meta.url));
/** So tall that the frame can be seen: elsewhere it is not drawn. */
const SIZES = { desktop: { width: 1440, height: 1200 }, phone: { width: 390, height: 2600 } };

type Size = keyof typeof SIZES;
type Scheme = 'light' | 'dark';

describe('To be looked at', () => {
  test.each<[string, Size, Scheme, string]>([
    ['paid', 'desktop', 'light', ''],
    ['paid-dark', 'desktop', 'dark', ''],
    ['refused-am', 'desktop', 'light', '?kyc=pending&lang=am'],
    ['refused-merchant-dark', 'desktop', 'dark', '?kyc=pending&audience=merchant'],
    ['fields', 'desktop', 'light', '?fail=VALIDATION_ERROR&audience=merchant'],
    ['timeout-am-dark', 'desktop', 'dark', '?fail=hang-headers&lang=am&framework=koa'],
    ['story', 'desktop', 'light', '?kyc=pending&steps=pay.approve.pay.webhook.pay.suspend.webhook.pay.forge'],
    ['stale-json', 'desktop', 'light', '?steps=pay.down.wait61.pay&accept=application%2Fproblem%2Bjson'],
    ['key-expired', 'phone', 'light', '?fail=UNAUTHORIZED'],
    ['unlinked-am-dark', 'phone', 'dark', '?linked=no&lang=am&audience=merchant'],
    ['cut-twice', 'phone', 'light', '?fail=cut&steps=pay.pay'],
    ['key-twice', 'desktop', 'light', '?key=twice'],
    ['why-own-rules', 'phone', 'dark', '?fail=RATE_LIMITED&rules=own'],
  ])('%s, on a %s, %s', async (name, size, colorScheme, query) => {
    const page = await visit(query, { viewport: SIZES[size], colorScheme });
    await page.evaluate(
      'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
    );
    const path = `${DIRECTORY}${name}.png`;
    await page.screenshot({ path });
    expect(statSync(path).size).toBeGreaterThan(20_000);
  });
});
