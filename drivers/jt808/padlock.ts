import type { MessageOf } from '#flows/message';

type State = MessageOf<'seal'>['state'];

/** What a padlock says happened. */
export interface PadlockEvent {
  readonly name: string;
  /** What it is from then on; absent: as before. */
  readonly state?: State;
  /** How it was asked to. */
  readonly by?: 'card' | 'bluetooth' | 'platform' | 'sms';
  readonly alarm?: true;
}

/**
 * Events of GPS padlocks that speak JT/T 808 (G-300, G-316, G-360P, G-508P, G-666), by number, as their listings at
 * wialon.com have them; the makers' own text was not seen.
 */
const events: readonly PadlockEvent[] = [
  { name: 'shackleClosed' },
  { name: 'shackleOpened', state: 'unlocked' },
  { name: 'sealedByItself', state: 'locked' },
  { name: 'sealed', state: 'locked', by: 'card' },
  { name: 'unsealed', state: 'unlocked', by: 'card' },
  { name: 'sealed', state: 'locked', by: 'bluetooth' },
  { name: 'unsealed', state: 'unlocked', by: 'bluetooth' },
  { name: 'sealed', state: 'locked', by: 'platform' },
  { name: 'unsealed', state: 'unlocked', by: 'platform' },
  { name: 'sealed', state: 'locked', by: 'sms' },
  { name: 'unsealed', state: 'unlocked', by: 'sms' },
  { name: 'sealRefusedUnknownCard', by: 'card', alarm: true },
  { name: 'unsealRefusedUnknownCard', by: 'card', alarm: true },
  { name: 'sealRefusedOutsideArea', by: 'card', alarm: true },
  { name: 'unsealRefusedOutsideArea', by: 'card', alarm: true },
  { name: 'openedWhileSealed', state: 'tampered', alarm: true },
  { name: 'shellTampered', state: 'tampered', alarm: true },
  { name: 'ropeCut', state: 'cut', alarm: true },
  { name: 'offlineLowBattery', alarm: true },
  { name: 'wrongPassword', alarm: true },
  { name: 'sealedAgainByItself', state: 'locked' },
  { name: 'woken' },
  { name: 'woken' },
  { name: 'lowBattery', alarm: true },
  { name: 'motorStuck', state: 'fault', alarm: true },
];

/** The event with a number; undefined for one that the listings do not have. */
export const padlockEvent = (number: unknown): PadlockEvent | undefined =>
  typeof number === 'number' ? events[number] : undefined;
