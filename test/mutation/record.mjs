import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { EQUIVALENTS } from './equivalents.mjs';
import { filesOf } from './suites.mjs';

/** Of whose mutants none may survive unexplained: what tells whether a payment was made, and what a reader is told. */
export const CRITICAL = [
  ...['provider/signature', 'translation/outcome', 'translation/recognise', 'translation/evidence'],
  ...['provider/client', 'provider/budget', 'translation/retry-after', 'translation/codes'],
  ...['translation/face', 'translation/refusal', 'translation/reply'],
].map((name) => `src/${name}.ts`);

const RECORD = new URL('record.json', import.meta.url);

/** What the last run of each file found: how many mutants were made of which code, and which were not noticed. */
function readRecord() {
  return JSON.parse(readFileSync(RECORD, 'utf8'));
}

/** The same code has the same mutants, whatever its types, comments and lines are. */
function digestOf(file) {
  const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'ts', minifyWhitespace: true });
  return createHash('sha256').update(code).digest('hex').slice(0, 16);
}

/** Keeps what was found of a file, and forgets files that are no more. */
export function record(file, entry) {
  const entries = { ...readRecord(), [file]: { digest: digestOf(file), ...entry } };
  const kept = Object.entries(entries).filter(([name]) => existsSync(name));
  writeFileSync(RECORD, `${JSON.stringify(Object.fromEntries(kept.sort()), null, 2)}\n`);
}

/** Of the survivors, as what stood there and what was put in, those that nothing explains. */
export function unexplained(file, survivors) {
  const explained = Object.values(EQUIVALENTS[file] ?? {}).flat();
  return survivors.filter(
    ([original, replacement]) => !explained.some(([from, to]) => from === original && to === replacement),
  );
}

/** What is explained of a file, and yet was noticed or does not stand there any more. */
export function needless(file, survivors) {
  const explained = Object.values(EQUIVALENTS[file] ?? {}).flat();
  return explained.filter(
    ([from, to]) => !survivors.some(([original, replacement]) => original === from && replacement === to),
  );
}

/** The files whose mutants have not met their suites since the code was changed. */
export function changedFiles() {
  const entries = readRecord();
  return ['src', 'adapters'].flatMap(filesOf).filter((file) => entries[file]?.digest !== digestOf(file));
}

/** What was found of some files, in sum. */
export function scoreOf(files) {
  const entries = readRecord();
  const score = { mutants: 0, noticed: 0, explained: 0, left: 0 };
  for (const file of files) {
    const { mutants, survivors } = entries[file] ?? { mutants: 0, survivors: [] };
    const left = unexplained(file, survivors).length;
    score.mutants += mutants;
    score.noticed += mutants - survivors.length;
    score.explained += survivors.length - left;
    score.left += left;
  }
  return score;
}
