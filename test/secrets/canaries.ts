import { leaksIn } from 'lakiconnect-middleware/testing';

const [PUBLIC, SECRET] = ['pubcanary4821', 'seccanary7733'] as const;
export const API_KEY = `${PUBLIC}:${SECRET}`;

/** What nobody may be told, under the one letter that stands for it in a table. */
export const CANARIES = {
  k: SECRET,
  p: PUBLIC,
  a: 'bearercanary9014',
  q: 'tokencanary3308',
  b: '251911223344',
  w: 'whsec_canary5521',
  c: 'cookiecanary6175',
} as const;

export const EVERY = Object.keys(CANARIES).join('');

/** The letters of the canaries that are anywhere in a value, in the order above. */
export function canariesIn(value: unknown): string {
  const found = new Set(leaksIn(value, Object.values(CANARIES)).map(({ secret }) => secret));
  return Object.entries(CANARIES)
    .filter(([, canary]) => found.has(canary))
    .map(([letter]) => letter)
    .join('');
}
