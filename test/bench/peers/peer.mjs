/** What others made for the same work. The bench installs them for itself: `npm ci --prefix test/bench/peers`. */
import { createHmac } from 'node:crypto';

/** Loads one of them, from beside this file. */
export const peer = (name) => import(name);

/** A JSON Web Token for those that want one, and what it is signed with. */
export const tokenKey = Buffer.alloc(32, 7);
const unsigned = [
  { alg: 'HS256', typ: 'JWT' },
  { sub: 'cm_1', exp: 9_999_999_999 },
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');
export const token = `${unsigned}.${createHmac('sha256', tokenKey).update(unsigned).digest('base64url')}`;
