import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** In as few processes as can be: one for each page in a sandbox takes longer than all the rest. */
const FRUGAL = ['--in-process-gpu', '--disable-features=IsolateSandboxedIframes'];

/** @throws Error where the path has none: nothing here can be tested without it. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: inPath('chromium'), args: ['--no-sandbox', ...FRUGAL] });
}

function inPath(name: string): string {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(isExecutable);
  if (found === undefined) throw new Error(`These tests need Debian's package ${name}.`);
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
