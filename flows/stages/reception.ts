import { type Static, Type } from 'typebox';
import type { MessageOf } from '../message.ts';
import type { Sighting } from '../tracks/crowd.ts';

type Position = MessageOf<'position'>;

/** What is usual of something that a receiver says with each fix. */
const level = {
  fixes: Type.Integer({ description: 'Fixes that this was learned of, as far as it matters.' }),
  weak: Type.Boolean({ description: 'It is far less now.' }),
};
const Carrier = Type.Object({
  ...level,
  dbHz: Type.Number({ description: 'How strongly it usually hears the best of them, dB-Hz.' }),
});
/** How a receiver hears its satellites. */
export const Reception = Type.Object({
  ...level,
  satellites: Type.Number({ description: 'Satellites that it usually has.' }),
  antenna: Type.Boolean({ description: 'It says that something is wrong with its antenna or receiver.' }),
  carrier: Type.Optional(Carrier),
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
const weights = { fix: 1, antenna: 0.5, satellites: 0.5, carrier: 0.5 } as const;
/** Alarms of a receiver, as drivers name them. */
const receiverAlarms = new Set<unknown>(['antennaCut', 'antennaShort', 'gnssFault']);
/** What is usual is learned of so many fixes, and known after as many as the second. */
const usualFixes = 16;
const knownFixes = 8;
/** Half of the usual satellites, and so many fewer, are a drop; three quarters of them end it. */
const dropShare = 0.5;
const dropSatellites = 4;
const recoveredShare = 0.75;
/** So much less carrier over noise is a drop: noise ten times as strong, which neither weather nor the way under the sky makes. */
const dropDb = 10;
const recoveredDb = 5;

const unheard = (): Reception => ({ satellites: 0, fixes: 0, weak: false, antenna: false });

/** A device is heard and has no fix, which it had a moment ago. Nothing for one that has lost it before. */
export function loseFix({ ms: fixMs, lon, lat, heardMs }: Receiver, ms: number): Weakening | undefined {
  if (fixMs === undefined || lon === undefined || lat === undefined || ms < fixMs) return undefined;
  if (ms - fixMs > lostMs || (heardMs !== undefined && heardMs > fixMs)) return undefined;
  return { ms, lon, lat, weight: weights.fix, sign: 'fix' };
}

/** The next value of a level of which `usual` is known. True: it is far less now, for the first time. */
function falls(
  known: { fixes: number; weak: boolean },
  isLow: boolean,
  isBack: boolean,
  learn: (share: number) => void,
): boolean {
  const { fixes, weak } = known;
  if (fixes >= knownFixes && isLow) known.weak = true;
  else if (isBack) known.weak = false;
  if (known.weak) return !weak; // what is usual is not learned of what is not
  known.fixes = Math.min(usualFixes, fixes + 1);
  learn(1 / known.fixes);
  return false;
}

function dropsSatellites(reception: Reception, satellites: number): boolean {
  const { satellites: usual } = reception;
  const isLow = satellites <= usual * dropShare && usual - satellites >= dropSatellites;
  return falls(reception, isLow, satellites >= usual * recoveredShare, (share) => {
    reception.satellites += (satellites - usual) * share;
  });
}

function dropsCarrier(reception: Reception, dbHz: number): boolean {
  reception.carrier ??= { dbHz: 0, fixes: 0, weak: false };
  const { carrier } = reception;
  const { dbHz: usual } = carrier;
  return falls(carrier, usual - dbHz >= dropDb, usual - dbHz <= recoveredDb, (share) => {
    carrier.dbHz += (dbHz - usual) * share;
  });
}

/** What a fix says of its reception. Changes `receiver` in place. */
export function weaken(receiver: Receiver, position: Position, ms: number): Weakening | undefined {
  const { satellites, attributes, lon, lat } = position;
  const { alarms, carrierDbHz } = attributes;
  const isAlarm = Array.isArray(alarms) && alarms.some((one) => receiverAlarms.has(one));
  const says = satellites !== undefined || typeof carrierDbHz === 'number';
  if (!says && !isAlarm && receiver.reception === undefined) return undefined;
  receiver.reception ??= unheard();
  const { reception } = receiver;
  const begins = isAlarm && !reception.antenna;
  reception.antenna = isAlarm;
  const fewer = satellites !== undefined && dropsSatellites(reception, satellites);
  const fainter = typeof carrierDbHz === 'number' && dropsCarrier(reception, carrierDbHz);
  const sign = begins ? 'antenna' : fewer ? 'satellites' : fainter ? 'carrier' : undefined;
  return sign && { ms, lon, lat, weight: weights[sign], sign };
}
