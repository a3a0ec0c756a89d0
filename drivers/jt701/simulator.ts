import type { Position } from '#flows/message';
import { type CallingDevice, callIn } from '../call-in-device.ts';
import { type Caller, simulateCallers, spoil } from '../call-in-simulator.ts';
import type { Simulator, Source, Switches } from '../simulator.ts';
import { lockFrame, lockIdOf } from './encode.ts';
import { jt701Framer } from './frame.ts';

export const jt701Faults = [
  'silence',
  'garbage',
  'cut',
  'disconnect',
  'stringCut',
  'capOpened',
  'noAnswer',
  'noOpen',
  'openLate',
  'opensItself',
] as const;
type Jt701Fault = (typeof jt701Faults)[number];

export interface Jt701SimulatorOptions {
  readonly source: Source;
  readonly host: string;
  readonly port: number;
  random(): number;
}

/** Reports that a lock keeps until they are confirmed; the oldest goes when there are more. */
const maxKept = 200;
/** How late a lock with the fault `openLate` opens, ms. */
const lateMs = 2500;

/**
 * The texts that simulated locks obey: the maker's own were not seen, so these are nobody's. Without the right password
 * they refuse.
 */
export const simulatedOrders = {
  unlock: { text: '(SIM,unlock,{secret})', done: 'SIM,unlock,1', refused: 'SIM,unlock,0' },
  lock: { text: '(SIM,lock,{secret})', done: 'SIM,lock,1', refused: 'SIM,lock,0' },
};
export const simulatedPassword = 'simulated';

/** A confirmation that does not come within this is not waited for. */
const confirmMs = 1000;

/** One simulated lock: every report asks for confirmation and is sent until it has it, one at a time. */
class Lock implements Caller {
  readonly #id: string;
  readonly #switches: Switches<Jt701Fault>;
  readonly #random: () => number;
  readonly #device: CallingDevice;
  readonly #kept: { readonly position: Position; readonly unlocked: boolean }[] = [];
  #index = 0;
  #unlocked = false;
  #last: Position | undefined;
  #late: NodeJS.Timeout | undefined;
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
    this.#last = position;
    this.#kept.push({ position, unlocked: this.#unlocked || this.#switches.has('opensItself') });
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
    clearTimeout(this.#late);
    return this.#device.close();
  }

  #obey(action: string, password: string | undefined): void {
    if (this.#switches.has('noAnswer')) return;
    const right = password === simulatedPassword;
    this.#device.send(Buffer.from(`(${this.#id},SIM,${action},${right ? 1 : 0})`, 'latin1'));
    if (!right || this.#switches.has('noOpen')) return;
    const move = () => {
      this.#unlocked = action === 'unlock';
      if (this.#last) this.report({ ...this.#last, time: new Date().toISOString() });
    };
    clearTimeout(this.#late);
    if (this.#switches.has('openLate')) this.#late = setTimeout(move, lateMs);
    else move();
  }

  #hear(text: string): void {
    const [, action, password] = /^SIM,(lock|unlock),(.*)$/.exec(text) ?? [];
    if (action !== undefined) {
      this.#obey(action, password);
      return;
    }
    if (text !== `P69,0,${this.#index}`) return;
    this.#kept.shift();
    this.#index = (this.#index + 1) & 0xff;
    this.#sentMs = Number.NEGATIVE_INFINITY;
    this.#next();
  }

  #next(): void {
    const [kept] = this.#kept;
    const now = Date.now();
    if (!kept || !this.#device.connected || now - this.#sentMs < confirmMs) return;
    this.#sentMs = now;
    const state = this.#switches.has('stringCut')
      ? 'cut'
      : this.#switches.has('capOpened')
        ? 'tampered'
        : kept.unlocked
          ? 'unlocked'
          : 'locked';
    const frame = lockFrame(this.#id, kept.position, { state, batteryPct: 80 }, this.#index, true);
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
