import { convertDatum } from '#flows/geo/datum';
import type { Message } from '#flows/message';

import type { DriverEnvironment } from './driver.ts';
import { momentOfSecond, nearestTime } from './moment.ts';

/** What the config adds to every message of a driver. */
export interface Stamp {
  readonly device?: string | undefined;
  readonly datum?: string | undefined;
  readonly maxClockOffsetSeconds?: number | undefined;
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
  // what a message says of itself it knows better
  const datum = message.attributes.datum ?? stamp.datum;
  if (typeof datum === 'string') convertDatum(message, datum);
  return message;
}

/** `identify`, and when the box got it; a time of day, or a second alone, is completed from the clock. */
export function stamper(stamp: Stamp, clock: DriverEnvironment['clock']): (message: Message) => Message {
  const received = isoClock(clock);
  return (message) => {
    identify(stamp, message);
    if (message.time === undefined) complete(message, clock.now());
    message.received = received();
    return message;
  };
}

function complete(message: Message, nowMs: number): void {
  const { timeOfDay, utcSecond } = message.attributes;
  if (typeof timeOfDay === 'string') {
    const time = nearestTime(timeOfDay, nowMs);
    if (time !== undefined) message.time = time;
  } else if (typeof utcSecond === 'number')
    message.time = new Date(momentOfSecond(utcSecond, nowMs)).toISOString();
}
