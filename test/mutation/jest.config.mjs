import base from '../jest.config.mjs';

/** The suites that a file's mutants are put to; see run.mjs. */
export default {
  ...base,
  testEnvironment: '@stryker-mutator/jest-runner/jest-env/node',
  testPathIgnorePatterns: ['/node_modules/'],
  roots: ['<rootDir>/src', '<rootDir>/adapters', '<rootDir>/test'],
  testMatch: process.env.MUTATION_SUITES?.split(' ').map((path) => `<rootDir>/${path}`),
};
