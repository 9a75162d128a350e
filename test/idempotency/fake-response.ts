import { EventEmitter } from 'node:events';
import { emitHandlerSettled } from 'lakiconnect-middleware/adapter';

/** What Node's response tells of its end, and of a client that has hung up. */
export class FakeResponse extends EventEmitter {
  writableEnded = false;
  destroyed = false;

  /** The handler answers. Nobody is told where the client has left. */
  end(): this {
    this.writableEnded = true;
    if (!this.destroyed) {
      this.emit('finish');
      this.#close();
    }
    return this;
  }

  hangUp(): void {
    if (!this.destroyed) this.#close();
  }

  settle(): void {
    emitHandlerSettled(this);
  }

  #close(): void {
    this.destroyed = true;
    this.emit('close');
  }
}
