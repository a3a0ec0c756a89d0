import { connect, type Socket } from 'node:net';
import type { Input } from '../ledger.ts';

/** A device's side of a protocol with acknowledgements. Made anew for each connection. */
export interface Dialect {
  /** What it says first. */
  hello(): Uint8Array;
  /** What it says of an input; `again`: it said so before. */
  say(input: Input, again: boolean): Uint8Array;
  /** Bytes that came: what they acknowledge, what is to be answered, whether it may begin now. */
  hear(bytes: Uint8Array): Heard;
  /** A sign of life, and a question for one. */
  ping(): Uint8Array;
}

export interface Heard {
  readonly acknowledged: readonly Input[];
  readonly ready?: boolean;
  readonly answer?: Uint8Array;
  readonly refused?: boolean;
}

export interface DeviceOptions {
  readonly port: number;
  readonly dialect: () => Dialect;
  readonly random: () => number;
  readonly acknowledged: (input: Input) => void;
}

/** Nothing was heard for so long although there is something to hear: the connection is made anew, ms. */
const silentMs = 4000;

/**
 * A device that gives nothing up: it keeps an input until it is acknowledged, and after a new connection says
 * all of them again, in order, before it goes on.
 */
export class Device {
  readonly #options: DeviceOptions;
  readonly #waiting: Input[] = [];
  #socket: Socket | undefined;
  #dialect: Dialect | undefined;
  #said = 0;
  #ready = false;
  #heardAt = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #ticker: NodeJS.Timeout;
  #closed = false;

  constructor(options: DeviceOptions) {
    this.#options = options;
    this.#ticker = setInterval(() => this.#tick(), 500);
    this.#dial();
  }

  /** Inputs that are not acknowledged. */
  get waiting(): number {
    return this.#waiting.length;
  }

  give(input: Input): void {
    this.#waiting.push(input);
    this.#speak();
  }

  #dial(): void {
    const socket = connect(this.#options.port, '127.0.0.1');
    const dialect = this.#options.dialect();
    this.#socket = socket;
    this.#dialect = dialect;
    this.#ready = false;
    this.#said = 0;
    this.#heardAt = performance.now();
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.once('connect', () => socket.write(dialect.hello()));
    socket.on('data', (bytes) => {
      if (socket === this.#socket) this.#hear(dialect, bytes);
    });
    socket.once('close', () => {
      if (socket !== this.#socket || this.#closed) return;
      this.#ready = false;
      this.#timer = setTimeout(() => this.#dial(), 50 + this.#options.random() * 250);
    });
  }

  #hear(dialect: Dialect, bytes: Uint8Array): void {
    this.#heardAt = performance.now();
    const heard = dialect.hear(bytes);
    if (heard.answer) this.#socket?.write(heard.answer);
    for (const input of heard.acknowledged) {
      const at = this.#waiting.indexOf(input);
      if (at < 0) continue;
      this.#waiting.splice(at, 1);
      if (at < this.#said) this.#said -= 1;
      this.#options.acknowledged(input);
    }
    if (heard.refused) this.#socket?.destroy();
    if (!heard.ready) return;
    this.#ready = true;
    const again = [...this.#waiting];
    for (const input of again) this.#say(input);
    this.#said = again.length;
  }

  #speak(): void {
    if (!this.#ready || !this.#dialect) return;
    for (; this.#said < this.#waiting.length; this.#said += 1) this.#say(this.#waiting[this.#said] as Input);
  }

  #say(input: Input): void {
    const again = input.said !== undefined;
    input.said = (input.said ?? 0) + 1;
    if (this.#dialect) this.#socket?.write(this.#dialect.say(input, again));
  }

  #tick(): void {
    const silent = performance.now() - this.#heardAt;
    if (silent > silentMs) {
      this.#heardAt = performance.now();
      this.#socket?.destroy();
    } else if (this.#ready && silent > 1000 && this.#dialect) this.#socket?.write(this.#dialect.ping());
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#ticker);
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }
}
