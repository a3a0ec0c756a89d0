import type { Message } from '#flows/message';

/** The work of the ten steps: the same functions on both sides. */
type Fix = Extract<Message, { kind: 'position' }>;

const fixOf = (message: Message): Fix => message as Fix;

export interface Steps {
  readonly hasFix: (message: Message) => boolean;
  readonly isGood: (message: Message) => boolean;
  readonly withSpeed: (message: Message) => Message;
  readonly isInPort: (message: Message) => boolean;
  readonly isNews: (message: Message, memory: Recall) => boolean;
  readonly withHeading: (message: Message) => Message;
  readonly isMoving: (message: Message) => boolean;
  readonly withRisk: (message: Message) => Message;
  readonly isRisky: (message: Message) => boolean;
}

/** What a real flow does: checks, copies with a changed field, a memory for each device. */
export const realSteps: Steps = {
  hasFix: (message: Message): boolean => fixOf(message).fix,
  isGood: (message: Message): boolean => message.quality === 'good',
  withSpeed: (message: Message): Message => ({
    ...fixOf(message),
    speedKph: Math.round((fixOf(message).speedKph ?? 0) * 10) / 10,
  }),
  isInPort: (message: Message): boolean => {
    const { lon, lat } = fixOf(message);
    return lon > 119.581 && lon < 119.619 && lat > 34.731 && lat < 34.769;
  },
  withHeading: (message: Message): Message => ({
    ...fixOf(message),
    courseDeg: Math.round((fixOf(message).courseDeg ?? 0) / 45) * 45,
  }),
  isNews: farEnough,
  isMoving: (message: Message): boolean => (fixOf(message).speedKph ?? 0) > 3,
  withRisk: (message: Message): Message => {
    const { lon, lat, speedKph = 0 } = fixOf(message);
    return { ...fixOf(message), accuracyM: Math.hypot(lon - 119.6, lat - 34.75) * speedKph };
  },
  isRisky: (message: Message): boolean => (fixOf(message).accuracyM ?? 0) > 0.05,
};

/** Next to nothing in each step: what is measured is the graph itself. */
export const bareSteps: Steps = {
  hasFix: (message) => message.quality !== 'stale',
  isGood: (message) => message.kind === 'position',
  withSpeed: (message) => message,
  isInPort: (message) => message.device !== undefined,
  isNews: (message) => message.time !== undefined,
  withHeading: (message) => message,
  isMoving: (message) => message.attributes !== undefined,
  withRisk: (message) => message,
  isRisky: (message) => message.kind !== 'seal',
};

export const weigh = (message: Message): number => fixOf(message).speedKph ?? 0;

/** Where a device was when it last went on. */
export interface Memory {
  readonly lon: number;
  readonly lat: number;
}

export interface Recall {
  get(key: string): Memory | undefined;
  set(key: string, value: Memory): unknown;
}

/** Drops fixes of a device that has hardly moved; remembers the last one that went on. */
function farEnough(message: Message, memory: Recall): boolean {
  const { device = '', lon, lat } = fixOf(message);
  const last = memory.get(device);
  if (last !== undefined && Math.abs(last.lon - lon) + Math.abs(last.lat - lat) < 0.0005) return false;
  memory.set(device, { lon, lat });
  return true;
}
