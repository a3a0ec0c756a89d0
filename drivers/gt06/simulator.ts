import type { Position } from '#flows/message';
import { type CallingDevice, callIn } from '../call-in-device.ts';
import { type Caller, simulateCallers, spoil } from '../call-in-simulator.ts';
import { imeiOf } from '../imei.ts';
import type { Simulator, Source, Switches } from '../simulator.ts';
import { answerPacket, locationPacket, loginPacket } from './encode.ts';
import { type Gt06Packet, gt06Framer } from './frame.ts';
import { types } from './types.ts';

export const gt06Faults = ['silence', 'garbage', 'badCheck', 'cut', 'disconnect', 'noAnswer'] as const;
type Gt06Fault = (typeof gt06Faults)[number];

export interface Gt06SimulatorOptions {
  readonly source: Source;
  readonly host: string;
  readonly port: number;
  random(): number;
}

/** Locations that a tracker keeps while it has no connection; the oldest goes when there are more. */
const maxKept = 2000;

/** One simulated tracker: logs in, then reports; nobody answers a location. */
class Tracker implements Caller {
  readonly #switches: Switches<Gt06Fault>;
  readonly #random: () => number;
  readonly #device: CallingDevice;
  readonly #kept: Position[] = [];
  #serial = 0;
  #accepted = false;

  constructor(imei: string, options: Gt06SimulatorOptions, switches: Switches<Gt06Fault>) {
    this.#switches = switches;
    this.#random = options.random;
    let framer = gt06Framer();
    this.#device = callIn({
      host: options.host,
      port: options.port,
      opened: () => {
        framer = gt06Framer();
        this.#accepted = false;
        this.#device.send(loginPacket(imei, this.#next()));
      },
      closed: () => {
        this.#accepted = false;
      },
      data: (bytes) => {
        for (const framed of framer.push(bytes)) if ('frame' in framed) this.#hear(framed.frame);
        this.#flush();
      },
    });
  }

  report(position: Position): void {
    if (this.#switches.has('silence')) return;
    this.#kept.push(position);
    if (this.#kept.length > maxKept) this.#kept.shift();
    this.#flush();
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

  #hear({ type, body }: Gt06Packet): void {
    if (type === types.login) this.#accepted = true;
    if (type !== types.command || this.#switches.has('noAnswer')) return;
    const flag = Buffer.from(body).readUInt32BE(1);
    this.#device.send(answerPacket('OK', flag, this.#next()));
  }

  #next(): number {
    this.#serial = (this.#serial + 1) & 0xffff;
    return this.#serial;
  }

  #flush(): void {
    if (!this.#accepted) return;
    for (const position of this.#kept.splice(0))
      this.#device.send(spoil(locationPacket(position, this.#next()), 12, this.#switches, this.#random));
  }
}

/** Simulated trackers, one for each device of the source, that call in. */
export const simulateGt06 = (options: Gt06SimulatorOptions): Simulator =>
  simulateCallers({
    ...options,
    faults: gt06Faults,
    identity: imeiOf,
    create: (imei, switches) => new Tracker(imei, options, switches),
  });
