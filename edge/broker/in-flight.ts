import type { Client } from 'aedes';

/** What of an aedes client is needed and not in its types (aedes 1.2.0, lib/client.js). */
interface ClientInside {
  pause(): void;
  resume(): void;
  closed: boolean;
  _parsingBatch: number;
  _nextBatch(): void;
}

/**
 * The messages of one client that wait for their commit. aedes reads the next piece of a connection
 * only when all messages of the last piece are answered; here it reads ahead until `limit` wait, so
 * that a commit answers many at once, and stops reading there: the client feels it as back-pressure.
 */
export class InFlight {
  readonly #client: ClientInside;
  readonly #limit: number;
  #held = 0;
  #readAhead = false;
  #paused = false;
  #frozen = false;

  constructor(client: Client, limit: number) {
    this.#client = client as unknown as ClientInside;
    this.#limit = limit;
  }

  hold(): void {
    this.#held += 1;
    if (this.#held >= this.#limit) this.#update();
    else if (!this.#readAhead) {
      this.#readAhead = true;
      setImmediate(() => {
        this.#readAhead = false;
        if (this.#client.closed || this.#paused) return;
        this.#client._parsingBatch = 1; // all of the last piece is held, none is being parsed
        this.#client._nextBatch();
      });
    }
  }

  release(): void {
    this.#held -= 1;
    if (this.#paused && this.#held <= this.#limit / 2) this.#update();
  }

  /** Stops reading, or reads again, whatever waits. */
  freeze(frozen: boolean): void {
    this.#frozen = frozen;
    this.#update();
  }

  #update(): void {
    const full = this.#held >= this.#limit || (this.#paused && this.#held > this.#limit / 2);
    const pause = this.#frozen || full;
    if (pause === this.#paused || this.#client.closed) return;
    this.#paused = pause;
    if (pause) this.#client.pause();
    else {
      this.#client._parsingBatch = 1;
      this.#client.resume();
    }
  }
}
