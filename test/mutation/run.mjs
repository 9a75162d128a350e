/**
 * Puts mutants of each file to the suites that mirror it, and keeps what was found in record.json.
 *
 * `npm run mutation -- src/provider src/settle.ts` takes these only; `-- --changed` the files that were changed since
 * their mutants were last tested; `--minutes=4` takes no further file after four minutes. Ends with 1 where files were
 * left over, a mutant of a critical file survives that equivalents.mjs does not explain, or of all mutants fewer than
 * 95 % were noticed.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs, styleText } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { changedFiles, CRITICAL, needless, record, scoreOf, unexplained } from './record.mjs';
import { filesOf, suitesOf } from './suites.mjs';

const ENOUGH = 0.95;
const NOTICED = ['Killed', 'Timeout'];
const LEFT = ['Survived', 'NoCoverage'];

async function mutate(file) {
  process.env.MUTATION_SUITES = suitesOf(file).join(' ');
  const stryker = new Stryker({
    mutate: [file],
    testRunner: 'jest',
    testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    jest: { configFile: 'test/mutation/jest.config.mjs', enableFindRelatedTests: false },
    coverageAnalysis: 'perTest',
    disableBail: true, // the run after one that was stopped hangs
    concurrency: 2,
    ignorePatterns: ['dist', 'test/browser'],
    tempDirName: 'coverage/mutation',
    reporters: [],
    logLevel: 'error',
    warnings: false,
  });
  return stryker.runMutationTest();
}

const inOneLine = (code) => code.replace(/\s+/g, ' ');

/** What stood where the mutant is. */
function originalOf(lines, { location: { start, end } }) {
  const taken = lines.slice(start.line - 1, end.line);
  taken.push(taken.pop().slice(0, end.column - 1));
  return inOneLine([taken[0].slice(start.column - 1), ...taken.slice(1)].join(' '));
}

/** Notes what was found of a file, and shows what nothing explains. */
function conclude(file, found) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const mutants = found.filter(({ status }) => [...NOTICED, ...LEFT].includes(status));
  const [first] = found;
  if (first !== undefined && mutants.length === 0) throw new Error(`${file}: ${first.statusReason}`);
  const survivors = mutants
    .filter(({ status }) => LEFT.includes(status))
    .map((mutant) => [originalOf(lines, mutant), inOneLine(mutant.replacement), mutant.location.start.line]);
  const left = unexplained(file, survivors);
  record(file, { mutants: mutants.length, survivors: survivors.map(([from, to]) => [from, to]) });

  const noticed = mutants.length - survivors.length;
  const explained = survivors.length - left.length;
  const counted = `${String(noticed)} of ${String(noticed + left.length)}`;
  console.log(`${counted.padEnd(12)} ${file}${explained > 0 ? `, ${String(explained)} explained` : ''}`);
  for (const [from, to, line] of left) {
    console.log(styleText('yellow', `  ${String(line)}: ${from}  →  ${to}`.slice(0, 200)));
  }
  for (const [from, to] of needless(file, survivors)) {
    console.log(styleText('yellow', `  explained, but noticed: ${from}  →  ${to}`.slice(0, 200)));
  }
}

const { values, positionals } = parseArgs({
  options: { changed: { type: 'boolean' }, minutes: { type: 'string', default: 'Infinity' } },
  allowPositionals: true,
});
const asked = (positionals.length > 0 ? positionals : ['src', 'adapters']).flatMap(filesOf);
const files = values.changed ? changedFiles().filter((file) => asked.includes(file)) : asked;
const end = Date.now() + 60_000 * Number(values.minutes);
const untested = files.slice();
for (const file of files) {
  if (Date.now() > end) break;
  conclude(file, await mutate(file));
  untested.shift();
}

const { mutants, noticed, left } = scoreOf(['src', 'adapters'].flatMap(filesOf));
const critical = scoreOf(CRITICAL).left;
console.log(
  `Of all ${String(mutants)} mutants ${String(noticed)} were noticed, ${String(left)} are not explained,`,
  `${String(critical)} of these in critical files.`,
);
if (untested.length > 0) console.log(`Not tested: ${untested.join(' ')}`);
process.exitCode = untested.length > 0 || critical > 0 || noticed < ENOUGH * (noticed + left) ? 1 : 0;
