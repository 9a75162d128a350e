import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What becomes of what a server says. */
export type Mode =
  | 'pass'
  | { readonly delayMs: number }
  /** It is no RESP. */
  | 'garble'
  /** Each reply is one that was not asked for. */
  | 'lie'
  /** Nothing comes through, and nobody is told. */
  | 'silence'
  /** Nobody new comes in. */
  | 'refuse';

/** A TCP proxy before a server, whose mode can change at any time. */
export async function startProxy(target: number) {
  let mode: Mode = 'pass';
  /** Both ends of each connection, in the order in which they were made. */
  const connections = new Set<readonly [Socket, Socket]>();

  function forward(chunk: Buffer, client: Socket): void {
    if (mode === 'silence') return;
    if (mode === 'garble') client.write('\u0000!garbage?\r\n'.repeat(3));
    else if (mode === 'lie') client.write('$3\r\nfoo\r\n');
    else if (typeof mode === 'object') setTimeout(() => client.write(chunk), mode.delayMs);
    else client.write(chunk);
  }

  const server = createServer((client) => {
    if (mode === 'refuse') return void client.destroy();
    const upstream = connect({ port: target, host: '127.0.0.1' });
    const ends = [client, upstream] as const;
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
  function cut(after = 0): void {
    for (const [client] of [...connections].slice(after)) client.destroy();
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    set(next: Mode) {
      mode = next;
    },
    async close() {
      cut();
      await once(server.close(), 'close');
    },
  };
}
