import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that stays open, for one request after the other. */
export interface Talk {
  /**
   * The bytes of one answer, as far as its `content-length` says that it goes; of several, sent for at once, all up
   * to the text that the last one ends in.
   */
  readonly ask: (path: string | readonly string[], end?: string) => Promise<Buffer>;
  readonly end: () => void;
}

/** How long an answer may be awaited. */
export const PATIENCE_MS = 2500;

export async function talkTo(url: string): Promise<Talk> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setNoDelay();
  await once(socket, 'connect');
  return {
    ask(paths, end) {
      const asked = [paths].flat().map((path) => `GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
      socket.write(asked.join(''));
      return answerOf(
        socket,
        end === undefined ? isWhole : (bytes) => bytes.toString('latin1').endsWith(end),
      );
    },
    end: () => socket.destroy(),
  };
}

/** What came until the answer was whole, the connection ended or it fell silent. */
function answerOf(socket: Socket, isOver: (bytes: Buffer) => boolean): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0);
  return new Promise((resolve) => {
    const stop = (): void => {
      socket.off('data', gather).off('close', stop).off('error', stop).setTimeout(0).off('timeout', stop);
      resolve(bytes);
    };
    const gather = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      if (isOver(bytes)) stop();
    };
    socket.on('data', gather).on('close', stop).on('error', stop).setTimeout(PATIENCE_MS, stop);
    if (socket.destroyed) stop();
  });
}

function isWhole(bytes: Buffer): boolean {
  const end = bytes.indexOf('\r\n\r\n');
  const length = /^content-length: (\d+)/im.exec(bytes.subarray(0, Math.max(end, 0)).toString('latin1'))?.[1];
  return length !== undefined && bytes.length >= end + 4 + Number(length);
}
