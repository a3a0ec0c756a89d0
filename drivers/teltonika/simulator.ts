import type { Position } from '#flows/message';
import { type CallingDevice, callIn } from '../call-in-device.ts';
import { type Caller, simulateCallers, spoil } from '../call-in-simulator.ts';
import { imeiOf } from '../imei.ts';
import type { Simulator, Source, Switches } from '../simulator.ts';
import { answerPacket } from './command.ts';
import { loginBytes, recordsPacket } from './encode.ts';

export const teltonikaFaults = ['silence', 'garbage', 'badCheck', 'cut', 'disconnect', 'noAnswer'] as const;
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
class Tracker implements Caller {
  readonly #switches: Switches<TeltonikaFault>;
  readonly #random: () => number;
  readonly #device: CallingDevice;
  readonly #kept: Position[] = [];
  #heard: Buffer = Buffer.alloc(0);
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
        this.#heard = Buffer.alloc(0);
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

  get waiting(): number {
    return this.#kept.length;
  }

  hangUp(): void {
    this.#device.hangUp();
  }

  close(): Promise<void> {
    return this.#device.close();
  }

  #hear(bytes: Uint8Array): void {
    this.#heard = Buffer.concat([this.#heard, bytes]);
    for (;;) {
      const used = this.#accepted ? this.#take(this.#heard) : 1;
      if (used === 0 || this.#heard.length < used) break;
      if (!this.#accepted) this.#accepted = this.#heard[0] === 1;
      this.#heard = this.#heard.subarray(used);
    }
    this.#next();
  }

  /** The number of records that were taken, or a command, which begins with four zeros. Says how long it is; 0: not all is there. */
  #take(heard: Buffer): number {
    if (heard.length < 4) return 0;
    const taken = heard.readUInt32BE(0);
    if (taken > 0) {
      this.#kept.splice(0, taken);
      this.#sent = 0;
      return 4;
    }
    const used = heard.length < 8 ? 0 : 12 + heard.readUInt32BE(4);
    if (used === 0 || heard.length < used) return 0;
    if (!this.#switches.has('noAnswer')) this.#device.send(answerPacket('OK'));
    return used;
  }

  #next(): void {
    const now = Date.now();
    if (!this.#accepted || this.#kept.length === 0) return;
    if (this.#sent > 0 && now - this.#sentMs < answerMs) return;
    const some = this.#kept.slice(0, perPacket);
    this.#sent = some.length;
    this.#sentMs = now;
    this.#device.send(spoil(recordsPacket(some), 20, this.#switches, this.#random));
  }
}

/** Simulated trackers, one for each device of the source, that call in with codec 8. */
export const simulateTeltonika = (options: TeltonikaSimulatorOptions): Simulator =>
  simulateCallers({
    ...options,
    faults: teltonikaFaults,
    identity: imeiOf,
    create: (imei, switches) => new Tracker(imei, options, switches),
  });
