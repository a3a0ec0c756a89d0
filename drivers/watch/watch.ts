import type { Message } from '#flows/message';
import { type ClockWatch, clockOffset, newClockWatch } from './clock.ts';
import { type FrozenWatch, isFrozen, newFrozenWatch } from './frozen.ts';
import { outOfRange } from './ranges.ts';

export interface WatchOptions {
  /** A clock that is further off than this is said to be wrong, seconds. */
  readonly maxClockOffsetSeconds?: number | undefined;
  /** The source hands over what was measured long ago: only a clock that is ahead shows. */
  readonly late?: boolean | undefined;
  /** Devices that are kept in mind; the one that was met first goes when there are more. */
  readonly maxDevices?: number;
}

interface Device {
  readonly clock: ClockWatch;
  readonly fix: FrozenWatch;
}

/** The box's clocks when a message came, ms. */
export interface Came {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export const defaultMaxClockOffsetSeconds = 60;

/** Kinds whose `time` is the moment at which they are said; a spectrum or a scan begins long before. */
const momentary = new Set<Message['kind']>(['position', 'identity', 'passage', 'seal', 'reading']);

/**
 * Looks at what live devices say, and says of it what the device does not: `attributes.frozen` and
 * `attributes.outOfRange` (names of fields), both of doubtful quality, and `attributes.clockOffsetMs` (device minus
 * box, ahead positive). Changes the message in place.
 */
export class Watch {
  readonly #limitMs: number;
  readonly #late: boolean;
  readonly #maxDevices: number;
  readonly #devices = new Map<string, Device>();

  constructor(options: WatchOptions = {}) {
    this.#limitMs = (options.maxClockOffsetSeconds ?? defaultMaxClockOffsetSeconds) * 1000;
    this.#late = options.late ?? false;
    this.#maxDevices = options.maxDevices ?? 20_000;
  }

  look(message: Message, came: Came): void {
    const wrong = outOfRange(message);
    if (wrong) {
      message.attributes.outOfRange = wrong;
      doubt(message);
    }
    const timeMs = message.time === undefined ? Number.NaN : Date.parse(message.time);
    const isTimed = !Number.isNaN(timeMs) && momentary.has(message.kind);
    if (!isTimed && message.kind !== 'position') return;
    const device = this.#device(message.device ?? '', came.monotonicMs);
    if (isTimed) this.#lookAtClock(message, device.clock, came.wallMs - timeMs, came.monotonicMs);
    if (message.kind !== 'position' || !message.fix) return;
    if (isFrozen(device.fix, message, isTimed ? timeMs : came.monotonicMs, came.monotonicMs)) {
      message.attributes.frozen = true;
      doubt(message);
    }
  }

  #lookAtClock(message: Message, watch: ClockWatch, delayMs: number, nowMs: number): void {
    const offsetMs = clockOffset(watch, delayMs, nowMs);
    if (offsetMs === undefined || (this.#late && offsetMs < 0)) return;
    if (Math.abs(offsetMs) > this.#limitMs) message.attributes.clockOffsetMs = Math.round(offsetMs);
  }

  #device(name: string, nowMs: number): Device {
    let device = this.#devices.get(name);
    if (!device) {
      device = { clock: newClockWatch(nowMs), fix: newFrozenWatch() };
      this.#devices.set(name, device);
      const [first] = this.#devices.keys();
      if (this.#devices.size > this.#maxDevices && first !== undefined) this.#devices.delete(first);
    }
    return device;
  }
}

function doubt(message: Message): void {
  if (message.quality !== 'bad') message.quality = 'suspect';
}
