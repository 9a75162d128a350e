import process from 'node:process';
import { fileURLToPath } from 'node:url';

// Nothing may take the machine's time zone for GMT.
process.env.TZ = 'Africa/Addis_Ababa';

const rootDir = fileURLToPath(new URL('..', import.meta.url));

const swc = (transform) => [
  '@swc/jest',
  {
    swcrc: false,
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      target: 'es2022',
      transform,
      keepClassNames: true,
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

/**
 * Suites that take long, that measure memory or time, or that ask of the older frameworks what the newer ones are
 * asked: `npm run test:long`. Every line of the sources is reached without them.
 */
export const LONG = [
  ...['guards/heap', 'provider/heap', 'adapters/burst', 'provider/client.payments', 'guards/facts.schedules'],
  ...['load/payments', 'fuzz/campaign', 'fuzz/expressions', 'adapters/attribution.property'],
  ...['adapters/express4', 'adapters/koa2', 'adapters/twin', 'provider/budget', 'secrets/matrix'],
  ...['translation/outcome.property', 'sharing/sharing.schedules', 'provider/exchange.memory'],
  ...['idempotency/guard.schedules', 'testing/unguarded-routes.property'],
];

/** What every suite here has. */
export const suites = {
  rootDir,
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/quiet.ts'],
  maxWorkers: '100%',
  roots: ['<rootDir>/src', '<rootDir>/adapters', '<rootDir>/test', '<rootDir>/docs/examples'],
  testMatch: ['**/*.test.ts'],
  // On a busy machine what takes a second may take ten; what hangs is found all the same.
  testTimeout: 30_000,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^lakiconnect-middleware$': '<rootDir>/src/index.ts',
    '^lakiconnect-middleware/locales/(om|so|ti)$': '<rootDir>/src/messages/$1.ts',
    '^lakiconnect-middleware/(adapter|openapi|schemas|testing)$': '<rootDir>/src/$1/index.ts',
    '^lakiconnect-middleware/(express|koa|opentelemetry|redis)$': '<rootDir>/adapters/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    'test/legacy/.+\\.ts$': swc({ legacyDecorator: true, decoratorMetadata: true }),
    '\\.ts$': swc({ decoratorVersion: '2022-03' }),
  },
};

export const coverage = {
  coverageProvider: 'babel',
  coverageThreshold: { global: { lines: 100, branches: 100, functions: 100, statements: 100 } },
};

export default {
  ...suites,
  ...coverage,
  // Redis and the browser are no part of Node: npm run test:redis, npm run test:browser.
  testPathIgnorePatterns: [
    '/node_modules/',
    '/test/(redis|browser)/',
    `/test/(${LONG.join('|')})\\.test\\.ts$`,
  ],
  collectCoverageFrom: ['src/**/*.ts', 'adapters/**/*.ts', '!adapters/redis/**'],
};
