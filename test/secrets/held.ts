import { setTimeout as sleep } from 'node:timers/promises';
import { canariesIn } from './canaries.js';

/**
 * What at least the client's own error or answer holds, in the order of the modes. Where there is little, the
 * client keeps little: such a row proves that nothing is added. A redirect's letters are those of a client
 * that followed it. A `Request` of Node 24 does not show its body.
 */
const TABLE = `
axios                  kpaqbwc  kpaqbc  kpaqbwc  kpaqbwc  kpaqbc  kpaqbw  kpaqbw  kpaqbw  kpqbw
axios-validate-all     kpaqbwc  kpaqbc  kpaqbwc  kpaqbwc  kpaqbc  kpaqbw  kpaqbw  kpaqbw  kpqbw
got                    kpaqbwc  kpaqbc  kpaqbwc  kpaqbwc  kpaqbc  kpaqbw  kpaqbw  kpaqbw  kpqbw
got-json               kpaqbwc  kpaqbc  kpaqbwc  kpaqbwc  kpaqbc  kpaqbw  kpaqbw  kpaqbw  kpqbw
ky                     kpaqbwc  kpaqbc  kpaqbwc  kpw      kpaqbc  -       -       kpaq    kpqbw
ofetch                 kpaqbwc  kpaqbc  kpaqbwc  kpw      -       kpaqbw  kpaqbw  kpaqbw  kpqbw
fetch                  kpqwc    qc      kpqwc    kpqwc    qc      -       -       -       q
fetch-json             kpw      -       -        kpw      -       -       -       -       -
undici                 kpwc     c       kpwc     kpwc     c       -       -       -       kpqwc
undici-response-error  kpwc     c       c        kpwc     -       -       -       -       qc
node-fetch             kpqwc    qc      kpqwc    kpqwc    qc      q       q       -       q
superagent             kpaqbwc  kpaqbc  kpaqbwc  kpaqbwc  -       -       -       -       kpqb
needle                 kpaqwc   kpaqc   kpaqwc   kpaqwc   -       -       -       -       kpaqwc
sdk                    kpw      -       kpw      kpw      q       q       q       -       -
laki.client            kpwc     c       kpwc     kpwc     -       -       -       -       kpqwc
`;

const ROWS = new Map(
  TABLE.trim()
    .split('\n')
    .map((row) => row.split(/ +/))
    .map(([style = '', ...held]) => [style, held] as const),
);

/** What the table says for a style and the place of a mode. */
export function expectedIn(style: string, mode: number): string {
  const letters = ROWS.get(style)?.[mode];
  if (letters === undefined) throw new TypeError(`There is no row for ${style}.`);
  return letters.replace('-', '');
}

/** What an error or an answer holds, its body included if nobody has read that yet. */
export async function heldBy(original: unknown): Promise<string> {
  const text = await Promise.race([unread(original), sleep(500, undefined, { ref: false })]);
  return canariesIn({ original, text });
}

async function unread(original: unknown): Promise<string | undefined> {
  try {
    const response = (original as { response?: unknown }).response ?? original;
    const { text, body } = response as Partial<Response> & { body?: { text?: () => Promise<string> } };
    if (typeof text === 'function') return await text.call(response);
    return await body?.text?.();
  } catch {
    return undefined; // cut, or read already
  }
}
