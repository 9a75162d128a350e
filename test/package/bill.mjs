import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quietly, run } from './pack.mjs';

/** The software bill of materials, as CycloneDX, of a project that has the packed package and nothing else. */
export async function billOf(tarball, folder) {
  await mkdir(folder, { recursive: true });
  const dependencies = { 'lakiconnect-middleware': `file:${tarball}` };
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'bill', version: '0.0.0', private: true, dependencies }),
  );
  await run('npm', ['install', ...quietly], folder);
  const { stdout } = await run('npm', ['sbom', '--sbom-format', 'cyclonedx'], folder);
  return JSON.parse(stdout);
}
