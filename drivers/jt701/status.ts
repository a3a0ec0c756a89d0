import type { MessageOf } from '#flows/message';

/**
 * Bits of a lock's status word, least significant first, as wialon.com lists them for the JT701D (there counted
 * from 1).
 */
const bits = [
  'locatedByCells',
  'fenceEnter',
  'fenceExit',
  'stringCut',
  'vibration',
  'confirm',
  'stringInserted',
  'motorLocked',
  'unlockAlarm',
  'wrongPassword',
  'unauthorisedCard',
  'lowBattery',
  'backCapOpened',
  'backCapClosed',
  'motorFault',
] as const;
type Bit = (typeof bits)[number];

/** What is an alarm when it is set; the others are states. */
const alarmBits: ReadonlySet<Bit> = new Set([
  'fenceEnter',
  'fenceExit',
  'stringCut',
  'vibration',
  'unlockAlarm',
  'wrongPassword',
  'unauthorisedCard',
  'lowBattery',
  'backCapOpened',
  'motorFault',
]);

export interface LockStatus {
  readonly state: MessageOf<'seal'>['state'];
  /** Why, by the name of the bit that decided it. */
  readonly reason: Bit | undefined;
  readonly alarms: readonly Bit[];
  /** The lock waits for a confirmation, and sends again without. */
  readonly confirm: boolean;
  readonly locatedByCells: boolean;
}

/** The worst decides: what was cut or opened is not locked, whatever the motor says. */
export function lockStatus(word: number): LockStatus {
  const has = (bit: Bit) => ((word >> bits.indexOf(bit)) & 1) === 1;
  const [state, reason] = stateOf(has);
  return {
    state,
    reason,
    alarms: bits.filter((bit) => alarmBits.has(bit) && has(bit)),
    confirm: has('confirm'),
    locatedByCells: has('locatedByCells'),
  };
}

function stateOf(has: (bit: Bit) => boolean): readonly [LockStatus['state'], Bit | undefined] {
  if (has('stringCut')) return ['cut', 'stringCut'];
  if (has('backCapOpened')) return ['tampered', 'backCapOpened'];
  if (has('motorFault')) return ['fault', 'motorFault'];
  if (has('motorLocked') && has('stringInserted')) return ['locked', undefined];
  return ['unlocked', has('unlockAlarm') ? 'unlockAlarm' : undefined];
}
