import type { Position } from '#flows/message';
import { type CallingDevice, callIn } from '../call-in-device.ts';
import { type Caller, simulateCallers, spoil } from '../call-in-simulator.ts';
import type { Simulator, Source, Switches } from '../simulator.ts';
import { lockFrame, lockIdOf } from './encode.ts';
import { jt701Framer } from './frame.ts';

export const jt701Faults = ['silence', 'garbage', 'cut', 'disconnect', 'stringCut', 'capOpened'] as const;
type Jt701Fault = (typeof jt701Faults)[number];

export interface Jt701SimulatorOptions {
  readonly source: Source;
  readonly host: string;
  readonly port: number;
  random(): number;
}

/** Reports that a lock keeps until they are confirmed; the oldest goes when there are more. */
const maxKept = 200;
/** A confirmation that does not come within this is not waited for. */
const confirmMs = 1000;

/** One simulated lock: every report asks for confirmation and is sent until it has it, one at a time. */
class Lock implements Caller {
  readonly #id: string;
  readonly #switches: Switches<Jt701Fault>;
  readonly #random: () => number;
  readonly #device: CallingDevice;
  readonly #kept: Position[] = [];
  #index = 0;
  #sentMs = Number.NEGATIVE_INFINITY;

  constructor(id: string, options: Jt701SimulatorOptions, switches: Switches<Jt701Fault>) {
    this.#id = id;
    this.#switches = switches;
    this.#random = options.random;
    let framer = jt701Framer();
    this.#device = callIn({
      host: options.host,
      port: options.port,
      opened: () => {
        framer = jt701Framer();
        this.#sentMs = Number.NEGATIVE_INFINITY;
        this.#next();
      },
      data: (bytes) => {
        for (const framed of framer.push(bytes))
          if ('frame' in framed && 'text' in framed.frame) this.#hear(framed.frame.text);
      },
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

  #hear(text: string): void {
    if (text !== `P69,0,${this.#index}`) return;
    this.#kept.shift();
    this.#index = (this.#index + 1) & 0xff;
    this.#sentMs = Number.NEGATIVE_INFINITY;
    this.#next();
  }

  #next(): void {
    const [position] = this.#kept;
    const now = Date.now();
    if (!position || !this.#device.connected || now - this.#sentMs < confirmMs) return;
    this.#sentMs = now;
    const state = this.#switches.has('stringCut')
      ? 'cut'
      : this.#switches.has('capOpened')
        ? 'tampered'
        : 'locked';
    const frame = lockFrame(this.#id, position, { state, batteryPct: 80 }, this.#index, true);
    this.#device.send(spoil(frame, 12, this.#switches, this.#random));
  }
}

/** Simulated locks, one for each device of the source, that call in; positions become reports of a locked seal. */
export const simulateJt701 = (options: Jt701SimulatorOptions): Simulator =>
  simulateCallers({
    ...options,
    faults: jt701Faults,
    identity: lockIdOf,
    create: (id, switches) => new Lock(id, options, switches),
  });
