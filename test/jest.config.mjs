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

export default {
  rootDir: '..',
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/adapters', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // They need redis-server: npm run test:redis.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/redis/'],
  testSequencer: '<rootDir>/test/sequencer.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^lakiconnect-middleware$': '<rootDir>/src/index.ts',
    '^lakiconnect-middleware/(schemas|testing)$': '<rootDir>/src/$1/index.ts',
    '^lakiconnect-middleware/(express|koa|redis)$': '<rootDir>/adapters/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    'test/legacy/.+\\.ts$': swc({ legacyDecorator: true, decoratorMetadata: true }),
    '\\.ts$': swc({ decoratorVersion: '2022-03' }),
  },
  collectCoverageFrom: ['src/**/*.ts', 'adapters/**/*.ts', '!adapters/redis/**'],
  coverageProvider: 'babel',
  coverageThreshold: { global: { lines: 100, branches: 100, functions: 100, statements: 100 } },
};
