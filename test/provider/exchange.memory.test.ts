/** What unpacks to a thousand times its size costs no memory: measured in a process of its own. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createApart, type Apart } from './apart.js';
import { apiKey } from './scripted.js';

const MIB = 1024 * 1024;
const MAX_GROWTH = 20 * MIB;

let apart: Apart;
let server: Server;
let bomb: Buffer;

beforeAll(async () => {
  const member = gzipSync(Buffer.alloc(16 * MIB, ' '));
  bomb = Buffer.concat(Array.from({ length: 64 }, () => member));
  server = createServer((request, response) => {
    const isGood = request.url?.endsWith('/good') === true;
    response.writeHead(200, isGood ? {} : { 'content-encoding': 'gzip' });
    if (isGood) response.end('{}');
    else response.write(bomb);
  }).listen(0, '127.0.0.1');
  await Promise.all([once(server, 'listening'), createApart().then((made) => (apart = made))]);
});
afterAll(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await Promise.all([closed, apart.remove()]);
});

test.each([
  ['client', `laki.client.get('/wallet')`, 'UNRECOGNISED'],
  ['lookup', `laki.check('cm_1', [kycApproved])`, 'UNDETERMINED'],
])(
  'A gibibyte that arrived small leaves a %s and its process no 20 MiB larger, at their largest',
  async (_who, ask, kind) => {
    const { port } = server.address() as AddressInfo;
    const said = await apart.run(`
      import { createLakiConnect, kycApproved } from './src/index.js';
      const baseUrl = 'http://127.0.0.1:${String(port)}';
      const laki = createLakiConnect({ baseUrl, apiKey: '${apiKey}', retry: false, onEvent: false });
      await laki.client.get('/good');
      const largest = () => process.resourceUsage().maxRSS * 1024;
      const before = largest();
      const kind = await ${ask}.catch(({ kind }) => kind);
      console.log(JSON.stringify({ kind, grown: largest() - before }));
    `);
    expect(said).toEqual({ kind, grown: expect.any(Number) });
    expect((said as { grown: number }).grown).toBeLessThan(MAX_GROWTH);
  },
);
