import { once } from 'node:events';
import { createServer } from 'node:http';

/** Serves on this machine alone, on any free port unless one is named. */
export async function serve(handler, port = 0) {
  const server = createServer(handler).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
