import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OPTIONS = {
  swcrc: false,
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true },
  module: { type: 'es6' },
};

/** Makes JavaScript of a TypeScript file of the repository, or of all in a folder, without a look at its types. */
export async function transpile(from, to) {
  const names = from.endsWith('.ts') ? [''] : await readdir(join(ROOT, from), { recursive: true });
  const files = names.filter((name) => join(from, name).endsWith('.ts'));
  await Promise.all(
    files.map(async (name) => {
      const { code } = await transformFile(join(ROOT, from, name), OPTIONS);
      const target = join(to, name).replace(/\.ts$/, '.js');
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, code);
    }),
  );
}
