import type { Problem } from '#flows/fault';
import type { DeviceTimers } from '../driver.ts';
import { faults } from '../faults.ts';
import type { Request } from './pdu.ts';
import { readRtu, rtuRequest } from './rtu.ts';

export type Answer = { readonly data: Uint8Array } | { readonly problem: Problem };
export type Done = (answer: Answer) => void;

/** Asks one thing after the other. */
export interface Master {
  /** `done` is called once. One read at a time: the caller waits for `done` before the next. */
  read(request: Request, done: Done): void;
  /** Bytes of the line. */
  data(bytes: Uint8Array): void;
  /** Whether so many reads in a row had no answer that the connection should be opened anew. */
  readonly hopeless: boolean;
  stop(): void;
}

export interface RtuMasterOptions {
  readonly timers: DeviceTimers;
  write(bytes: Uint8Array): void;
  /** For an answer, ms. */
  readonly timeoutMs: number;
  /** Silence behind an answer before it counts, ms: what comes in it makes the answer none. */
  readonly settleMs: number;
  /** Silence after anything that went wrong before the line is used again, ms. */
  readonly quarantineMs: number;
  /** A read whose answer is of another length than any other's: whether line and device are in step. */
  readonly probe: Request;
  /** Bytes came that nobody asked for. */
  babble(problem: Problem, bytes: Uint8Array): void;
}

const hopelessAfter = 10;
const longestQuarantine = 16;
/** More than an answer can have: the rest of a line that babbles is not kept. */
const maxHeldBytes = 600;

interface Exchange {
  readonly request: Request;
  readonly done: Done;
  /** The answer is whole, and only silence is waited for. */
  data?: Uint8Array;
  cancel: () => void;
}

/**
 * A master of a serial line that never takes one answer for another. An answer on this wire names neither its
 * question nor its address. So: after anything that went wrong the line is left in silence, and then a probe is read
 * whose length no other answer has; until it comes right nothing else is asked, so an answer that was still under
 * way is seen as none. (A device answers in the order of the questions; modbus-serial takes a late answer for the
 * next one, and every later one too.)
 */
export class RtuMaster implements Master {
  readonly #options: RtuMasterOptions;
  #exchange: Exchange | undefined;
  #held: Uint8Array = new Uint8Array();
  /** Nothing that was asked before can still be answered. */
  #inStep = false;
  #quarantine: { cancel: () => void } | undefined;
  /** What came in a silence that should be one, until it is told of. */
  #noise: { readonly begin: Uint8Array; bytes: number } | undefined;
  #cancelNoise: (() => void) | undefined;
  #quarantineFactor = 1;
  #whenQuiet: (() => void) | undefined;
  #silentReads = 0;
  #stopped = false;

  constructor(options: RtuMasterOptions) {
    this.#options = options;
  }

  get hopeless(): boolean {
    return this.#silentReads >= hopelessAfter;
  }

  read(request: Request, done: Done): void {
    if (this.#stopped) return;
    if (this.#quarantine) {
      this.#whenQuiet = () => this.read(request, done);
      return;
    }
    if (this.#inStep) {
      this.#ask(request, done);
      return;
    }
    this.#ask(this.#options.probe, (answer) => {
      // That a device will not be read at the probe's place is an answer too, and of the shape of no other.
      if ('problem' in answer && answer.problem.code !== 'modbus.exception') {
        done(answer);
        return;
      }
      this.#inStep = true;
      this.#quarantineFactor = 1;
      this.#ask(request, done);
    });
  }

  data(bytes: Uint8Array): void {
    if (this.#stopped) return;
    const exchange = this.#exchange;
    if (!exchange) {
      if (this.#quarantine) this.#hearNoise(bytes);
      else this.#tellNoise(bytes.length, bytes);
      this.#beQuiet();
      return;
    }
    if (exchange.data) {
      this.#fail(exchange, faults.problem('modbus.foreign', { detail: 'more came behind it' }));
      return;
    }
    if (this.#held.length < maxHeldBytes) this.#held = Buffer.concat([this.#held, bytes]);
    const read = readRtu(exchange.request, this.#held);
    if (read === 'more') return;
    if ('code' in read && read.code !== 'modbus.exception') {
      this.#fail(exchange, read);
      return;
    }
    this.#silentReads = 0;
    exchange.cancel();
    exchange.data = read instanceof Uint8Array ? read : new Uint8Array();
    exchange.cancel = this.#options.timers.after(this.#options.settleMs, () => {
      this.#exchange = undefined;
      exchange.done(read instanceof Uint8Array ? { data: read } : { problem: read });
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#exchange?.cancel();
    this.#quarantine?.cancel();
    this.#cancelNoise?.();
    this.#exchange = undefined;
  }

  #tellNoise(bytes: number, begin: Uint8Array): void {
    this.#options.babble(faults.problem('modbus.babble', { bytes }), begin.slice(0, 64));
  }

  /** A late answer ends soon; a line that goes on speaking would never be asked again, and nobody be told why. */
  #hearNoise(bytes: Uint8Array): void {
    this.#noise ??= { begin: bytes.slice(0, 64), bytes: 0 };
    this.#noise.bytes += bytes.length;
    this.#cancelNoise ??= this.#options.timers.after(this.#options.timeoutMs, () => {
      this.#cancelNoise = undefined;
      const noise = this.#noise;
      this.#noise = undefined;
      if (noise && this.#quarantine) this.#tellNoise(noise.bytes, noise.begin);
    });
  }

  #ask(request: Request, done: Done): void {
    this.#held = new Uint8Array();
    const { timers, timeoutMs } = this.#options;
    const exchange: Exchange = { request, done, cancel: () => undefined };
    this.#exchange = exchange;
    exchange.cancel = timers.after(timeoutMs, () => {
      this.#silentReads++;
      this.#fail(exchange, faults.problem('modbus.timeout', { unit: request.unit, ms: timeoutMs }));
    });
    this.#options.write(rtuRequest(request));
  }

  #fail(exchange: Exchange, problem: Problem): void {
    exchange.cancel();
    this.#exchange = undefined;
    // What came was none to the probe: the device is later than the silence is long. One that is off says nothing.
    if (!this.#inStep && this.#held.length > 0)
      this.#quarantineFactor = Math.min(longestQuarantine, 2 * this.#quarantineFactor);
    this.#beQuiet();
    exchange.done({ problem });
  }

  /** Begins the silence, or begins it again. */
  #beQuiet(): void {
    this.#inStep = false;
    this.#quarantine?.cancel();
    const ms = this.#options.quarantineMs * this.#quarantineFactor;
    this.#quarantine = {
      cancel: this.#options.timers.after(ms, () => {
        this.#quarantine = undefined;
        this.#noise = undefined;
        this.#cancelNoise?.();
        this.#cancelNoise = undefined;
        const next = this.#whenQuiet;
        this.#whenQuiet = undefined;
        next?.();
      }),
    };
  }
}
