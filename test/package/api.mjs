/**
 * What each entry exports, and the types that it is made of, are what its report in test/package/api says; and every
 * type that it uses can be named: it is exported by the entry or by the main one, or is accepted. With `--update` the
 * reports are written anew.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { ACCEPTED } from './accepted.mjs';
import { root } from './pack.mjs';

const REPORTS = join(root, 'test/package/api');
const UNSAID = { logLevel: 'none' };

const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const temp = await mkdtemp(join(tmpdir(), 'lakiconnect-middleware-api-'));
try {
  const entries = Object.entries(exports).filter(([, entry]) => entry.import !== undefined);
  const told = entries.map(([name, entry]) =>
    tellOf(name === '.' ? 'index' : name.slice(2).replaceAll('/', '-'), entry.import.types),
  );
  const blocksOf = async ({ name }) =>
    (await readFile(join(temp, `${name}.api.md`), 'utf8')).split(/\n\n(?=\/\/ @|\/\/ \()/);
  const main = await blocksOf({ name: 'index' });
  const known = new Set(main.slice(0, -1).map((block) => block.replace(/^export /m, '')));
  for (const entry of told) {
    const blocks = await blocksOf(entry);
    const own = entry.name === 'index' ? blocks : blocks.filter((block) => !known.has(block));
    await compare(`${entry.name}.api.md`, own.join('\n\n'));
  }
  assert.deepEqual(complaintsOf(told, main), []);
} finally {
  await rm(temp, { recursive: true, force: true });
}

/** Writes the report of an entry, and collects what is said of it. */
function tellOf(name, types) {
  const forgotten = [];
  const complaints = [];
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, types),
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { extends: join(root, 'tsconfig.json'), include: [], files: [types] } },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: REPORTS,
        reportTempFolder: temp,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      messages: {
        extractorMessageReporting: {
          default: { logLevel: 'error' },
          'ae-missing-release-tag': UNSAID,
          'ae-undocumented': UNSAID,
        },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
  });
  Extractor.invoke(config, {
    messageCallback(message) {
      message.handled = true;
      const { messageId, category, logLevel, text } = message;
      if (messageId === 'ae-forgotten-export') {
        forgotten.push({ entry: name, type: /"(\w+?)(_\d+)?"/.exec(text)[1] });
      } else if (category !== 'console' && logLevel !== 'none') complaints.push(`${name}: ${text}`);
    },
  });
  return { name, forgotten, complaints };
}

async function compare(file, report) {
  assert(!report.includes(root) && !report.includes(temp), `${file} names a folder of this machine`);
  const kept = join(REPORTS, file);
  if (process.argv.includes('--update')) await writeFile(kept, report);
  assert.equal(report, await readFile(kept, 'utf8'), `${file}: run again with --update if this is meant`);
}

function complaintsOf(told, main) {
  const exported = main.map((block) => /^export (?:type|interface|class) (\w+)/m.exec(block)?.[1]);
  const accepted = Object.values(ACCEPTED).flat();
  const forgotten = told.flatMap((entry) => entry.forgotten);
  return [
    ...told.flatMap(({ complaints }) => complaints),
    ...forgotten
      .filter(({ type }) => !accepted.includes(type) && !exported.includes(type))
      .map(({ entry, type }) => `${entry}: ${type} is used and cannot be named`),
    ...accepted
      .filter((type) => !forgotten.some((one) => one.type === type))
      .map((type) => `${type} need not be accepted`),
  ];
}
