/** What the pages of the project itself name is there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as library from 'lakiconnect-middleware';
import * as forExpress from 'lakiconnect-middleware/express';
import * as testing from 'lakiconnect-middleware/testing';
import { redisStore } from 'lakiconnect-middleware/redis';
import { blocksOf, proseOf, readPage, ROOT } from './pages.js';

const { version, scripts, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  scripts: Record<string, string>;
  exports: Record<string, unknown>;
};

test.each(['docs/CHANGELOG.md', 'docs/CONTRIBUTING.md', 'docs/SECURITY.md'])(
  '%s names files that are there',
  (path) => {
    const prose = proseOf(readPage(path)).join('\n');
    const named = [...prose.matchAll(/`((?:src|adapters|test)\/[\w./-]+)`/g)].map(([, file = '']) => file);
    expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  },
);

test('CONTRIBUTING.md lists commands that there are', () => {
  const lines = blocksOf(readPage('docs/CONTRIBUTING.md')).flatMap(({ code }) => code);
  const run = lines.flatMap((line) =>
    [...line.matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, name = '']) => name),
  );
  expect(run.length).toBeGreaterThan(8);
  expect(run.filter((name) => name !== 'ci' && !(name in scripts))).toEqual([]);
  const files = lines.flatMap((line) => line.match(/test\/\S+\.ts|^\S*\.ci\/run/g) ?? []);
  expect(files.map((file) => existsSync(join(ROOT, file)))).toEqual([true, true]);
});

test('CHANGELOG.md speaks of this version, and of exports that there are', () => {
  const page = readPage('docs/CHANGELOG.md');
  expect(page.lines.filter((line) => line.startsWith('## '))[0]).toBe('## [Unreleased]');
  const prose = proseOf(page).join('\n');
  expect(prose).toContain(`To be ${version},`);
  const entries = prose.match(/lakiconnect-middleware(?:\/\w+)+/g) ?? [];
  expect(entries.filter((entry) => !(entry.replace('lakiconnect-middleware', '.') in exports))).toEqual([]);

  const laki = forExpress.lakiconnect();
  const words = new Set([
    ...[library, forExpress, testing, laki].flatMap((part) => Object.keys(part)),
    redisStore.name,
  ]);
  const functions = ['defineRequirement', 'guarded', 'unguardedRoutes', 'verifySignature', 'redisStore'];
  const members = [
    'errorHandler',
    'preflight',
    'requireKycApproved',
    'requireFeeConfig',
    'check',
    'invalidate',
  ];
  const named = [...functions, ...members, 'webhook', 'receiveWebhook', 'call', 'client'];
  expect(named.filter((name) => !words.has(name) || !new RegExp(`\`${name}\\b`).test(prose))).toEqual([]);
});

test('SECURITY.md says what becomes of a refused key', () => {
  const [, said] =
    /401 and 403 about the platform's key are a (\d{3}) to\s+everybody/.exec(
      proseOf(readPage('docs/SECURITY.md')).join('\n'),
    ) ?? [];
  const { translate } = library.createLakiConnect();
  for (const kind of ['UNAUTHORIZED', 'FORBIDDEN'] as const) {
    for (const audience of ['merchant', 'customer'] as const) {
      expect(translate(new library.LakiConnectError({ kind }), { audience })?.status).toBe(Number(said));
    }
  }
});
