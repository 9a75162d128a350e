import { suites } from '../jest.config.mjs';

/** The suite that needs chromium, and what `npm run build` makes. */
export default {
  ...suites,
  roots: ['<rootDir>/test/browser'],
  testTimeout: 60_000,
};
