import { suites } from '../jest.config.mjs';

/** The suite that needs chromium, and what `npm run build` makes. */
export default {
  ...suites,
  roots: ['<rootDir>/test/browser'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
};
