import config from '../jest.config.mjs';

/** The suites that need redis-server. */
export default {
  ...config,
  rootDir: '../..',
  roots: ['<rootDir>/test/redis', '<rootDir>/adapters/redis', '<rootDir>/src'],
  testPathIgnorePatterns: ['/node_modules/'],
  collectCoverageFrom: ['adapters/redis/**/*.ts'],
};
