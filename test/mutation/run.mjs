/**
 * Puts mutants of each file to the suites that mirror it. `npm run mutation -- src/provider src/settle.ts` takes these
 * only. Ends with 1 where one survives that equivalents.mjs does not explain.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { styleText } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { EQUIVALENTS } from './equivalents.mjs';
import { filesOf, suitesOf } from './suites.mjs';

const DETECTED = ['Killed', 'Timeout'];
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
    ignorePatterns: ['dist', 'docs', 'test/browser'],
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

let detected = 0;
let left = 0;
const paths = process.argv.slice(2);
for (const file of (paths.length > 0 ? paths : ['src', 'adapters']).flatMap(filesOf)) {
  const mutants = await mutate(file);
  const killed = mutants.filter(({ status }) => DETECTED.includes(status)).length;
  const survivors = mutants.filter(({ status }) => LEFT.includes(status));
  const lines = readFileSync(file, 'utf8').split('\n');
  const isExplained = (mutant) =>
    (EQUIVALENTS[file] ?? []).some(
      ([original, replacement]) =>
        original === originalOf(lines, mutant) && replacement === inOneLine(mutant.replacement),
    );
  const unexplained = survivors.filter((mutant) => !isExplained(mutant));
  detected += killed;
  left += unexplained.length;
  const counted = `${String(killed)} of ${String(killed + unexplained.length)}`;
  const explained = survivors.length - unexplained.length;
  console.log(`${counted.padEnd(12)} ${file}${explained > 0 ? `, ${String(explained)} explained` : ''}`);
  for (const mutant of unexplained) {
    const change = `${originalOf(lines, mutant)}  →  ${inOneLine(mutant.replacement)}`;
    console.log(styleText('yellow', `  ${String(mutant.location.start.line)}: ${change}`.slice(0, 200)));
  }
}
const score = ((100 * detected) / (detected + left)).toFixed(2);
console.log(`${score} %: ${String(detected)} of ${String(detected + left)} mutants were noticed.`);
process.exitCode = left > 0 ? 1 : 0;
