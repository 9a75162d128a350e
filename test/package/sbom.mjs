import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { billOf } from './bill.mjs';
import { pack } from './pack.mjs';

const temp = await mkdtemp(join(tmpdir(), 'lakiconnect-middleware-'));
try {
  const { tarball } = await pack(temp);
  console.log(JSON.stringify(await billOf(tarball, join(temp, 'bill')), null, 2));
} finally {
  await rm(temp, { recursive: true, force: true });
}
