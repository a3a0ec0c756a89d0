import type { Message, Position } from '#flows/message';
import { type CallingDevice, callIn } from '../call-in-device.ts';
import { consume, type Simulator, type Source, Switches } from '../simulator.ts';
import { imeiOf, loginBytes, recordsPacket } from './encode.ts';

export const teltonikaFaults = ['silence', 'garbage', 'badCheck', 'cut', 'disconnect'] as const;
type TeltonikaFault = (typeof teltonikaFaults)[number];

export interface TeltonikaSimulatorOptions {
  readonly source: Source;
  readonly host: string;
  readonly port: number;
  random(): number;
}

/** Records that a tracker keeps until they are answered; the oldest goes when there are more. */
const maxKept = 2000;
const perPacket = 20;
/** An answer that does not come within this is not waited for. */
const answerMs = 1000;

/** One simulated tracker: says who it is, then one packet at a time, again until it is answered. */
class Tracker {
  readonly #switches: Switches<TeltonikaFault>;
  readonly #random: () => number;
  readonly #device: CallingDevice;
  readonly #kept: Position[] = [];
  #accepted = false;
  #sent = 0;
  #sentMs = 0;

  constructor(imei: string, options: TeltonikaSimulatorOptions, switches: Switches<TeltonikaFault>) {
    this.#switches = switches;
    this.#random = options.random;
    this.#device = callIn({
      host: options.host,
      port: options.port,
      opened: () => {
        this.#accepted = false;
        this.#sent = 0;
        this.#device.send(loginBytes(imei));
      },
      data: (bytes) => this.#hear(bytes),
    });
  }

  report(position: Position): void {
    if (this.#switches.has('silence')) return;
    this.#kept.push(position);
    if (this.#kept.length > maxKept) this.#kept.shift();
    this.#next();
  }

  hangUp(): void {
    this.#device.hangUp();
  }

  close(): Promise<void> {
    return this.#device.close();
  }

  #hear(bytes: Uint8Array): void {
    if (!this.#accepted) {
      this.#accepted = bytes[0] === 1;
    } else if (bytes.length >= 4) {
      this.#kept.splice(0, bytes[3] ?? 0);
      this.#sent = 0;
    }
    this.#next();
  }

  #next(): void {
    const now = Date.now();
    if (!this.#accepted || this.#kept.length === 0) return;
    if (this.#sent > 0 && now - this.#sentMs < answerMs) return;
    const some = this.#kept.slice(0, perPacket);
    this.#sent = some.length;
    this.#sentMs = now;
    this.#device.send(this.#spoil(recordsPacket(some)));
  }

  #spoil(bytes: Uint8Array): Uint8Array {
    if (this.#switches.has('badCheck')) {
      const spoiled = bytes.slice();
      spoiled[20] = (spoiled[20] as number) ^ 1;
      return spoiled;
    }
    if (this.#switches.has('cut')) return bytes.subarray(0, 9 + Math.floor(this.#random() * 20));
    if (this.#switches.has('garbage'))
      return Buffer.concat([
        Uint8Array.from({ length: 20 }, () => 1 + Math.floor(this.#random() * 254)),
        bytes,
      ]);
    return bytes;
  }
}

const isPosition = (item: Message | Uint8Array): item is Position =>
  !(item instanceof Uint8Array) && item.kind === 'position';

/** Simulated trackers, one for each device of the source, that call in with codec 8. */
export async function simulateTeltonika(options: TeltonikaSimulatorOptions): Promise<Simulator> {
  const { source, host, port } = options;
  const stopped = new AbortController();
  const trackers = new Map<string, Tracker>();
  const switches = new Switches<TeltonikaFault>(teltonikaFaults, (name, on) => {
    if (name === 'disconnect' && on) for (const tracker of trackers.values()) tracker.hangUp();
  });
  const done = consume(source, stopped.signal, (item) => {
    if (!isPosition(item)) return;
    const imei = imeiOf(item.device);
    let tracker = trackers.get(imei);
    if (!tracker) {
      tracker = new Tracker(imei, options, switches);
      trackers.set(imei, tracker);
    }
    tracker.report(item);
  });
  return {
    config: { listen: `${host}:${port}`, devices: ['*'] },
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      await Promise.all([...trackers.values()].map((tracker) => tracker.close()));
    },
  };
}
