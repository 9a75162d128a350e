import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** A TCP proxy before a server, whose mode can change at any time. */
export async function startProxy(target) {
  let mode = 'pass';
  /** Both ends of each connection, in the order in which they were made. */
  const connections = new Set();

  function forward(chunk, client) {
    if (mode === 'silence') return;
    if (mode === 'garble') client.write('\u0000!garbage?\r\n'.repeat(3));
    else if (mode === 'lie') client.write('$3\r\nfoo\r\n');
    else if (typeof mode === 'object') setTimeout(() => client.write(chunk), mode.delayMs);
    else client.write(chunk);
  }

  const server = createServer((client) => {
    if (mode === 'refuse') return void client.destroy();
    const upstream = connect({ port: target, host: '127.0.0.1' });
    const ends = [client, upstream];
    connections.add(ends);
    for (const end of ends) {
      end
        .on('error', () => undefined)
        .on('close', () => {
          connections.delete(ends);
          for (const other of ends) other.destroy();
        });
    }
    client.on('data', (chunk) => {
      if (mode !== 'silence') upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      forward(chunk, client);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  /** All, or those made after the first few. */
  function cut(after = 0) {
    for (const [client] of [...connections].slice(after)) client.destroy();
  }
  return {
    port: server.address().port,
    cut,
    set(next) {
      mode = next;
    },
    async close() {
      cut();
      await once(server.close(), 'close');
    },
  };
}
