import { afterEach, expect, jest, test } from '@jest/globals';

const { argv, exitCode } = process;

afterEach(() => {
  process.argv = argv;
  process.exitCode = exitCode;
  jest.restoreAllMocks();
});

test('What was typed is done in the terminal that it was typed in', async () => {
  const stdout = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  process.argv = ['node', 'lakiconnect-middleware', 'explain', 'TIMEOUT', '--json'];
  await import('../../src/cli/main.js');
  expect(process.exitCode).toBe(0);
  expect(JSON.parse(String(stdout.mock.calls[0]?.[0]))).toMatchObject({ kind: 'TIMEOUT' });
});
