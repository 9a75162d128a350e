import { cp, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { quietly, root, run } from './pack.mjs';

const RESOLUTIONS = {
  node10: { module: 'commonjs', shops: ['shop.cts'] },
  node16: { module: 'node16', shops: ['shop.cts', 'shop.mts'] },
  bundler: { module: 'esnext', shops: ['shop.mts'] },
};

/** TypeScript 7 has no `node10` any more, which 6 warns of. */
const COMPILERS = {
  'typescript5.4': { resolutions: ['node10', 'node16', 'bundler'] },
  'typescript5.9': { resolutions: ['node10', 'node16', 'bundler'] },
  typescript6: { resolutions: ['node10', 'node16', 'bundler'], ignoreDeprecations: '6.0' },
  typescript7: { resolutions: ['node16', 'bundler'] },
};

const FRAMEWORKS = ['express4', 'express5'];

const ALL = Object.entries(COMPILERS).flatMap(([compiler, { resolutions, ignoreDeprecations }]) =>
  resolutions.flatMap((resolution) =>
    FRAMEWORKS.map((framework) => ({
      name: `${compiler}-${resolution}-${framework}`,
      compiler,
      resolution,
      framework,
      ignoreDeprecations,
    })),
  ),
);

/** Each compiler, resolution and framework at least once; version 7 takes a fraction of the others' time. */
const QUICK = [
  'typescript5.4-node16-express4',
  'typescript5.9-node10-express5',
  'typescript6-bundler-express5',
  'typescript7-node16-express4',
  'typescript7-node16-express5',
  'typescript7-bundler-express4',
  'typescript7-bundler-express5',
];

/**
 * Compiles a platform against the types in a tarball, with each compiler, resolution of modules and version of
 * Express's types, or with each of these at least once.
 *
 * @throws Error that says what does not compile.
 */
export async function compiles(tarball, folder, { isFull }) {
  await install(tarball, folder);
  const left = ALL.filter(({ name }) => isFull || QUICK.includes(name));
  const wrong = [];
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { name } = next;
      await compile(folder, next).catch(({ stdout, message }) => wrong.push(`${name}\n${stdout || message}`));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

async function install(tarball, folder) {
  await cp(join(root, 'test/package/types'), folder, { recursive: true });
  await run('npm', ['ci', ...quietly], folder);
  await run('tar', ['-xzf', tarball], folder);
  await rename(join(folder, 'package'), join(folder, 'node_modules/lakiconnect-middleware'));
  const shop = await readFile(join(root, 'test/package/shop.ts'));
  await Promise.all(['shop.cts', 'shop.mts'].map((name) => writeFile(join(folder, name), shop)));
}

async function compile(folder, { name, compiler, resolution, framework, ignoreDeprecations }) {
  const { module, shops } = RESOLUTIONS[resolution];
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022'],
    module,
    moduleResolution: resolution,
    ...(ignoreDeprecations && { ignoreDeprecations }),
    esModuleInterop: true,
    types: ['node'],
    paths: { express: [`./node_modules/@types/${framework}/index.d.ts`] },
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    declaration: true,
    emitDeclarationOnly: true,
    outDir: `out/${name}`,
  };
  const project = join(folder, `${name}.json`);
  await writeFile(project, JSON.stringify({ compilerOptions, files: shops }));
  await run(process.execPath, [`node_modules/${compiler}/bin/tsc`, '--project', project], folder);
}
