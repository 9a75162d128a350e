import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const MOST_LINES = 40;
const BLOCK = /(?:^`([\w.-]+)`:\n\n)?^```(\w+)\n(.*?)^```$/gms;
const QUIETLY = { ignore_scripts: true, audit: false, fund: false, prefer_offline: true };

/**
 * Does what a page says, in an empty folder: `js` blocks are the files that the line before names, `sh` blocks
 * are run, and `text` is what the tests before it have told. `packages` are installed in place of their names.
 */
export async function follow(page, folder, packages) {
  let output = '';
  let lines = 0;
  const named = new Set();
  const installed = (word) => {
    if (word in packages) named.add(word);
    return packages[word] ?? word;
  };

  for (const [, name, language, code] of (await readFile(page, 'utf8')).matchAll(BLOCK)) {
    if (language === 'js') {
      lines += code.trimEnd().split('\n').length;
      await writeFile(join(folder, name), code);
    } else if (language === 'sh') {
      output = await shell(code.replace(/\S+/g, installed), folder);
    } else {
      assert.equal(toldIn(output), code);
    }
  }
  assert.deepEqual([...named].sort(), Object.keys(packages).sort());
  assert(lines > 0 && lines <= MOST_LINES, `${lines} lines of code`);
  assert.notEqual(output, '');
}

async function shell(script, cwd) {
  const settings = Object.entries(QUIETLY).map(([name, value]) => [`npm_config_${name}`, String(value)]);
  // As on a terminal.
  const env = { ...process.env, ...Object.fromEntries(settings), NODE_OPTIONS: '--test-reporter=spec' };
  const { stdout } = await promisify(execFile)('sh', ['-euc', script], { cwd, env });
  return stdout;
}

/** What `node --test` tells, but for times and for counts of what no test here does. */
function toldIn(output) {
  const lines = output.split('\n').filter((line) => /^(✔|✖|ℹ (pass|fail)) /.test(line));
  return lines.map((line) => `${line.replace(/ \([\d.]+ms\)$/, '')}\n`).join('');
}
