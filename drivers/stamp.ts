import type { Message } from '#flows/message';
import { convertDatum } from './datum.ts';
import type { DriverEnvironment } from './driver.ts';

/** What the config adds to every message of a driver. */
export interface Stamp {
  readonly device?: string | undefined;
  readonly datum?: string | undefined;
}

const dayMs = 86_400_000;

/** The date that brings a time of day closest to now: a box's clock is less than half a day wrong, or it is useless. */
export function nearestTime(timeOfDay: string, nowMs: number): string | undefined {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const same = Date.parse(`${today}T${timeOfDay}Z`);
  if (Number.isNaN(same)) return undefined;
  return new Date(same + Math.round((nowMs - same) / dayMs) * dayMs).toISOString();
}

/** ISO text of the clock, made once a millisecond. */
export function isoClock(clock: DriverEnvironment['clock']): () => string {
  let lastMs = Number.NaN;
  let text = '';
  return () => {
    const now = clock.now();
    if (now !== lastMs) {
      lastMs = now;
      text = new Date(now).toISOString();
    }
    return text;
  };
}

/** Puts the configured identity and datum on a message, in place: it is the driver's own until it is pushed. */
export function identify(stamp: Stamp, message: Message): Message {
  if (stamp.device !== undefined) message.device = stamp.device;
  if (stamp.datum !== undefined) convertDatum(message, stamp.datum);
  return message;
}

/** `identify`, and when the box got it; a time of day without a date is completed from the clock. */
export function stamper(stamp: Stamp, clock: DriverEnvironment['clock']): (message: Message) => Message {
  const received = isoClock(clock);
  return (message) => {
    identify(stamp, message);
    const { timeOfDay } = message.attributes;
    if (message.time === undefined && typeof timeOfDay === 'string') {
      const time = nearestTime(timeOfDay, clock.now());
      if (time !== undefined) message.time = time;
    }
    message.received = received();
    return message;
  };
}
