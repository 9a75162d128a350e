import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { ask } from '../../src/testing/contract-request.js';

const server = createServer();
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

test('An answer that neither ends nor breaks off is told of', async () => {
  server.on('request', (_request, response) => void response.write('and so on'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/open`;
  const signal = AbortSignal.timeout(300);

  await expect(ask(url, { signal })).rejects.toThrow(`There is no answer of ${url}.`);
});
