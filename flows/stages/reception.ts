import { type Static, Type } from 'typebox';
import type { MessageOf } from '../message.ts';
import type { Sighting } from '../tracks/crowd.ts';

type Position = MessageOf<'position'>;

/** How a receiver hears its satellites. */
export const Reception = Type.Object({
  satellites: Type.Number({ description: 'Satellites that it usually has.' }),
  fixes: Type.Integer({ description: 'Fixes that this was learned of, as far as it matters.' }),
  weak: Type.Boolean({ description: 'It has far fewer now.' }),
  antenna: Type.Boolean({ description: 'It says that something is wrong with its antenna or receiver.' }),
});
export type Reception = Static<typeof Reception>;

/** What is known of a device: its last fix, when it was heard without one, and how it hears. */
interface Receiver {
  readonly ms?: number | undefined;
  readonly lon?: number | undefined;
  readonly lat?: number | undefined;
  readonly heardMs?: number | undefined;
  reception?: Reception | undefined;
}

/** A device shows that it hears its satellites less: where, and how much that proves beside others. */
export type Weakening = Omit<Sighting, 'device'>;

/** Who had no fix for longer than this has lost none now, ms. */
const lostMs = 300_000;
/** A lost fix is what jamming does; an antenna or a bridge explains the others as well. */
const weights = { fix: 1, antenna: 0.5, satellites: 0.5 } as const;
/** Alarms of a receiver, as drivers name them. */
const receiverAlarms = new Set<unknown>(['antennaCut', 'antennaShort', 'gnssFault']);
/** What is usual is learned of so many fixes, and known after as many as the second. */
const usualFixes = 16;
const knownFixes = 8;
/** Half of the usual satellites, and so many fewer, are a drop; three quarters of them end it. */
const dropShare = 0.5;
const dropSatellites = 4;
const recoveredShare = 0.75;

const unheard = (): Reception => ({ satellites: 0, fixes: 0, weak: false, antenna: false });

/** A device is heard and has no fix, which it had a moment ago. Nothing for one that has lost it before. */
export function loseFix({ ms: fixMs, lon, lat, heardMs }: Receiver, ms: number): Weakening | undefined {
  if (fixMs === undefined || lon === undefined || lat === undefined || ms < fixMs) return undefined;
  if (ms - fixMs > lostMs || (heardMs !== undefined && heardMs > fixMs)) return undefined;
  return { ms, lon, lat, weight: weights.fix, sign: 'fix' };
}

/** Whether the satellites are far fewer than usual, for the first time. */
function drops(reception: Reception, satellites: number): boolean {
  const { satellites: usual, fixes, weak } = reception;
  const isDrop =
    fixes >= knownFixes && satellites <= usual * dropShare && usual - satellites >= dropSatellites;
  if (isDrop) reception.weak = true;
  else if (satellites >= usual * recoveredShare) reception.weak = false;
  if (reception.weak) return !weak; // what is usual is not learned of what is not
  reception.fixes = Math.min(usualFixes, fixes + 1);
  reception.satellites += (satellites - usual) / reception.fixes;
  return false;
}

/** What a fix says of its reception. Changes `receiver` in place. */
export function weaken(receiver: Receiver, position: Position, ms: number): Weakening | undefined {
  const { satellites, attributes, lon, lat } = position;
  const { alarms } = attributes;
  const isAlarm = Array.isArray(alarms) && alarms.some((one) => receiverAlarms.has(one));
  if (satellites === undefined && !isAlarm && receiver.reception === undefined) return undefined;
  receiver.reception ??= unheard();
  const { reception } = receiver;
  const begins = isAlarm && !reception.antenna;
  reception.antenna = isAlarm;
  const drop = satellites !== undefined && drops(reception, satellites);
  if (begins) return { ms, lon, lat, weight: weights.antenna, sign: 'antenna' };
  return drop ? { ms, lon, lat, weight: weights.satellites, sign: 'satellites' } : undefined;
}
