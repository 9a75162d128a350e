import { describe, expect, jest, test } from '@jest/globals';
import { command, type Terminal } from '../../src/cli/command.js';
import { GUIDE } from '../../src/cli/guide.js';
import { KINDS } from '../../src/translation/rules.js';

/** What a command line prints, and the code that it exits with. */
function run(line: string, { isTTY = false, env = {} }: { isTTY?: boolean; env?: Terminal['env'] } = {}) {
  const printed = { stdout: '', stderr: '' };
  const to = (stream: keyof typeof printed) => ({
    write: (text: string) => (printed[stream] += text),
    isTTY,
  });
  const args = line.split(' ').filter((word) => word !== '');
  return { code: command(args, { stdout: to('stdout'), stderr: to('stderr'), env }), ...printed };
}

const ESCAPE = '\u001B';

describe('explain', () => {
  test.each(KINDS)('%s prints its page, and nothing else', (kind) => {
    const { code, stdout, stderr } = run(`explain ${kind}`);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').slice(0, 2)).toEqual([kind, GUIDE[kind].meaning]);
    expect(stdout.endsWith('\n')).toBe(true);
    expect(stdout).not.toMatch(/undefined|\[object|\n\n\n/);
  });

  test('takes a name as it is typed', () => {
    for (const name of ['kyc_not_approved', 'Kyc-Not-Approved']) {
      expect(run(`explain ${name}`)).toEqual(run('explain KYC_NOT_APPROVED'));
    }
  });

  test('takes a code of LakiConnect’s for the kind that it means', () => {
    expect(run('explain INVALID_API_KEY')).toEqual(run('explain UNAUTHORIZED'));
  });

  test('without a kind lists them all, each with what it means, on a line', () => {
    const { code, stdout, stderr } = run('explain');
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(KINDS);
    const [first] = lines;
    expect(first).toMatch(/^VALIDATION_ERROR {14}The request was refused because of its fields$/);
  });

  test.each([
    ['--lang am', /\p{Script=Ethiopic}/u, /^ {2}(?:en|om|so|ti)/m],
    ['--lang om', /^ {2}om {2}\S/m, /^ {2}(?:en|am|so|ti)/m],
    ['--lang en', /^ {2}en/m, /\p{Script=Ethiopic}/u],
    ['--audience merchant', /Your account is not verified yet/, /customer/],
    ['--audience customer', /Payments are not available/, /^ {2}merchant|The merchant reads/m],
  ])('with %s prints less', (options, has, hasNot) => {
    const { code, stdout } = run(`explain KYC_NOT_APPROVED ${options}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(has);
    expect(stdout).not.toMatch(hasNot);
  });

  test('with --json prints the same as data', () => {
    const { stdout } = run('explain KYC_NOT_APPROVED --json --lang en --audience merchant');
    expect(JSON.parse(stdout)).toEqual({
      kind: 'KYC_NOT_APPROVED',
      meaning: 'The merchant is not verified yet. A guard asks before the payment.',
      met: 'its code, at any status',
      documented: { meaning: expect.any(String), remedy: expect.any(String) },
      fault: 'merchant',
      retryable: false,
      level: 'info',
      told: {
        merchant: {
          status: 403,
          code: 'KYC_NOT_APPROVED',
          texts: { en: { title: 'Your account is not verified yet', detail: expect.any(String) } },
        },
      },
      next: { platform: expect.any(String), merchant: 'Look at the verification.' },
    });
    const list = JSON.parse(run('explain --json').stdout) as { kind: string }[];
    expect(list.map(({ kind }) => kind)).toEqual(KINDS);
    expect(list[0]).toEqual({ kind: KINDS[0], meaning: GUIDE[KINDS[0]!].meaning });
  });
});

describe('Headings', () => {
  test('are bold on a terminal, in the page and in the list', () => {
    expect(run('explain TIMEOUT', { isTTY: true }).stdout).toContain(`${ESCAPE}[1mTIMEOUT${ESCAPE}[22m\n`);
    expect(run('explain', { isTTY: true }).stdout).toContain(`${ESCAPE}[1mTIMEOUT`);
  });

  test.each([
    ['elsewhere', {}],
    ['where nobody wants colours', { isTTY: true, env: { NO_COLOR: '1' } }],
  ])('are plain %s', (_, how) => {
    expect(run('explain TIMEOUT', how).stdout).not.toContain(ESCAPE);
  });

  test('are never in data', () => {
    expect(run('explain TIMEOUT --json', { isTTY: true }).stdout).not.toContain(ESCAPE);
  });
});

test.each(['--help', '-h', 'explain --help', 'explain KYC_NOT_APPROVED -h'])(
  '%s prints how it is used',
  (line) => {
    const { code, stdout, stderr } = run(line);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: lakiconnect-middleware explain \[kind\] \[options\]\n/);
    expect(stdout).toMatch(/^ +--audience <reader> +merchant or customer; both by default$/m);
    expect(stdout).toMatch(/^ +--lang <tag> +en, am, om, so or ti; all by default$/m);
    for (const option of ['--json', '-h, --help']) expect(stdout).toContain(`\n  ${option} `);
    expect(stdout).toMatch(/\S\n$/);
  },
);

describe('What cannot be done is told of, and nothing is printed', () => {
  test.each([
    ['explain KYC_NOT_APROVED', "There is no kind 'KYC_NOT_APROVED'. Did you mean KYC_NOT_APPROVED?"],
    ['explain INVALID_PHONES', "There is no kind 'INVALID_PHONES'. Did you mean INVALID_PHONE?"],
    ['explain __proto__', "There is no kind '__proto__'."],
    ['explain constructor', "There is no kind 'constructor'."],
    [
      'explain payments-unavailable',
      'PAYMENTS_UNAVAILABLE is what readers are told in place of UNAUTHORIZED, FORBIDDEN, CONNECTED_MERCHANT_NOT_FOUND, KYC_NOT_APPROVED, FEE_CONFIG_NOT_SET: the event `translated` has the kind.',
    ],
    ['explain TIMEOUT NOT_FOUND', 'Explain one kind at a time.'],
    ['explain TIMEOUT --lang fr', "--lang is 'fr', expected en, am, om, so or ti."],
    ['explain TIMEOUT --audience admin', "--audience is 'admin', expected merchant or customer."],
    ['explain --lang', "Option '--lang <value>' argument missing"],
    ['explain --colour', /^Unknown option '--colour'/],
    ['help', "There is no command 'help'."],
    ['', 'There is no command.'],
  ])('%s', (line, sentence) => {
    const { code, stdout, stderr } = run(line);
    expect([code, stdout]).toEqual([1, '']);
    const [told = '', ...rest] = stderr.split('\n');
    if (typeof sentence === 'string') expect(told).toBe(sentence);
    else expect(told).toMatch(sentence);
    expect(rest).toEqual(['lakiconnect-middleware --help tells more.', '']);
  });

  test('on one line, whatever was typed', () => {
    expect(run(`explain ${'A\u001B[31m\n'.repeat(1000)}`).stderr.split('\n')).toHaveLength(3);
  });

  test('but a fault of ours is thrown', () => {
    const stderr = { write: jest.fn() };
    const stdout = {
      write() {
        throw new Error('EPIPE');
      },
    };
    expect(() => command(['explain'], { stdout, stderr, env: {} })).toThrow('EPIPE');
    expect(stderr.write).not.toHaveBeenCalled();
  });
});
