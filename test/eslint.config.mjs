import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

const node = Object.fromEntries(
  [
    'AbortController',
    'AbortSignal',
    'Buffer',
    'clearInterval',
    'clearTimeout',
    'console',
    'fetch',
    'Headers',
    'performance',
    'process',
    'Request',
    'Response',
    'setImmediate',
    'setInterval',
    'setTimeout',
    'structuredClone',
    'TextDecoder',
    'TextEncoder',
    'URL',
    'URLSearchParams',
  ].map((name) => [name, 'readonly']),
);
const browser = Object.fromEntries(
  ['addEventListener', 'document', 'DOMParser', 'FormData', 'history', 'location'].map((name) => [
    name,
    'readonly',
  ]),
);
const commonJs = { require: 'readonly', module: 'writable', __dirname: 'readonly', test: 'readonly' };

const frameworks = {
  regex: '^(express|koa|redis|ioredis)',
  message: 'A user brings the framework: describe the parts needed by their shape.',
};
const telemetry = {
  regex: '^@opentelemetry/',
  message: 'adapters/opentelemetry alone needs it.',
};
const doors = {
  regex: '/src/(?!((adapter|schemas)/)?index\\.js$|judge\\.js$|sharing/store\\.js$)',
  message:
    "Adapters use the core's doors alone: src/adapter/index.js, src/index.js, src/schemas/index.js, and what stores are made with.",
};
const unused = ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }];
const noImport = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export default defineConfig(
  globalIgnores(['dist', 'coverage', 'node_modules']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [js.configs.recommended],
    languageOptions: { globals: node },
    rules: { 'no-unused-vars': unused },
  },
  {
    files: ['test/package/consumers/**/*.{js,cjs}'],
    languageOptions: { sourceType: 'commonjs', globals: commonJs },
  },
  { files: ['docs/playground/page.js'], languageOptions: { globals: browser } },
  {
    files: ['**/*.ts'],
    extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: { '@typescript-eslint/no-unused-vars': unused },
  },
  {
    // How matchers are declared.
    files: ['docs/examples/*.test.ts', 'test/types/testing.ts'],
    rules: {
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
    },
  },
  {
    // What they take must grow with the text, not with its square; test/fuzz/expressions.test.ts measures it.
    files: ['src/**/*.ts', 'adapters/**/*.ts'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: noImport(frameworks, telemetry, {
      group: ['**/adapters/**'],
      message: 'The core knows no adapter.',
    }),
  },
  { files: ['adapters/**/*.ts'], rules: noImport(frameworks, telemetry, doors) },
  { files: ['adapters/opentelemetry/*.ts'], rules: noImport(frameworks, doors) },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
