import { connect, createServer, type Socket } from 'node:net';

/** What a link does to what it carries. A TCP proxy loses no single packet: a lossy link is one that breaks. */
export type Weather =
  | { readonly kind: 'fair' }
  /** Nobody answers, and what stood is cut. */
  | { readonly kind: 'cut' }
  /** Stands, and carries nothing. */
  | { readonly kind: 'halfOpen' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number; readonly delayMs: number }
  /** Breaks again and again after some bytes, in the middle of whatever. */
  | { readonly kind: 'lossy'; readonly bytes: number };

export interface WeatherLink {
  readonly port: number;
  set(weather: Weather): void;
  /** Bytes that it carried towards the target. */
  readonly bytes: number;
  close(): void;
}

/** A link of which the weather can be made. */
export async function openLink(port: number, target: number, random: () => number): Promise<WeatherLink> {
  let weather: Weather = { kind: 'fair' };
  let bytes = 0;
  const carriers = new Set<{ near: Socket; far: Socket; pumps: Pump[] }>();
  const server = createServer((near) => {
    if (weather.kind === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    const current = () => weather;
    const pumps = [new Pump(near, far, current, random), new Pump(far, near, current, random)];
    const carrier = { near, far, pumps };
    carriers.add(carrier);
    near.on('data', (piece: Buffer) => {
      bytes += piece.length;
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.once('close', () => {
        // A half-open link does not tell that the other side is gone.
        if (weather.kind !== 'halfOpen') other.destroy();
        if (near.destroyed && far.destroyed) carriers.delete(carrier);
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    get bytes() {
      return bytes;
    },
    set(next) {
      const before = weather;
      weather = next;
      for (const { near, far, pumps } of carriers) {
        const cut = next.kind === 'cut' || (before.kind === 'halfOpen' && (near.destroyed || far.destroyed));
        if (cut) for (const socket of [near, far]) socket.destroy();
        else for (const pump of pumps) pump.run();
      }
    },
    close() {
      server.close();
      for (const { near, far } of carriers) for (const socket of [near, far]) socket.destroy();
    },
  };
}

/** One direction of a connection. */
class Pump {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #weather: () => Weather;
  readonly #random: () => number;
  readonly #queue: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #left = Number.POSITIVE_INFINITY;

  constructor(from: Socket, to: Socket, weather: () => Weather, random: () => number) {
    this.#from = from;
    this.#to = to;
    this.#weather = weather;
    this.#random = random;
    from.on('data', (piece: Buffer) => {
      this.#queue.push(piece);
      if (this.#queue.length > 64) from.pause();
      this.run();
    });
    from.once('end', () => this.run());
  }

  /** Carries on as the weather allows. */
  run(): void {
    if (this.#timer) return;
    const weather = this.#weather();
    if (weather.kind === 'halfOpen') return;
    if (weather.kind !== 'lossy') this.#left = Number.POSITIVE_INFINITY;
    else if (this.#left === Number.POSITIVE_INFINITY) this.#left = this.#random() * 2 * weather.bytes;
    while (this.#queue.length > 0) {
      const piece = this.#queue.shift() as Buffer;
      if (piece.length > this.#left) {
        this.#to.write(piece.subarray(0, this.#left));
        this.#from.destroy();
        this.#to.end();
        return;
      }
      this.#left -= piece.length;
      this.#to.write(piece);
      if (weather.kind !== 'slow') continue;
      const waitMs = weather.delayMs + (piece.length * 1000) / weather.bytesPerSecond;
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.run();
      }, waitMs);
      return;
    }
    this.#from.resume();
  }
}
