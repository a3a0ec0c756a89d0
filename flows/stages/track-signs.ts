import { type Static, Type } from 'typebox';
import { metresBetween } from '../geo/polyline.ts';
import type { MessageOf } from '../message.ts';

import { Altitude, unclimbed } from './heights.ts';
import { Reception } from './reception.ts';
import { parseIso } from './time.ts';
import { addInterval, Intervals, usualSeconds } from './usual-interval.ts';

type Position = MessageOf<'position'>;
const number = (description: string) => Type.Number({ description });
/** What is remembered of one device beside its bodies. */
export const Signs = Type.Object({
  ms: Type.Optional(number('Time of the last fix, epoch ms.')),
  lon: Type.Optional(number('Its longitude, degrees.')),
  lat: Type.Optional(number('Its latitude, degrees.')),
  heardMs: Type.Optional(number('Time of the last message without a fix, epoch ms.')),
  sameSinceMs: Type.Optional(number('Since when the place has been the same, at speed, epoch ms.')),
  same: Type.Integer({ description: 'Fixes in a row at that place, at speed.' }),
  frozen: Type.Boolean({ description: 'It has been told that it is frozen.' }),
  mismatches: Type.Integer({ description: 'Fixes in a row whose speed is not that of the way.' }),
  reception: Type.Optional(Reception),
  intervals: Type.Optional(Intervals),
  ahead: Type.Optional(Type.Integer({ description: 'Fixes in a row that were dated after they came.' })),
  powerless: Type.Optional(Type.Boolean({ description: 'It said last that its power is cut or low.' })),
  altitude: Type.Optional(Altitude),
});
export type Signs = Static<typeof Signs>;
export const noSigns = (): Signs => ({ same: 0, frozen: false, mismatches: 0 });

export interface Sign {
  readonly what: 'gap' | 'frozen' | 'spoof';
  readonly ms: number;
  readonly data: Record<string, unknown>;
}

/** What most fixes show; shared, so never written to. */
const none: readonly Sign[] = [];

export interface SignRules {
  readonly gapSeconds: number;
  readonly gapTimes: number;
  readonly aheadSeconds: number;
  readonly frozenSeconds: number;
  readonly frozenFixes: number;
}

/** Below this a receiver at rest says it moves, km/h. */
const movingKph = 5;
/** Speeds are compared from here on, km/h, where fixes are near enough in time to say something, ms. */
const fastKph = 25;
const compareMs = [2000, 120_000] as const;
const mismatchesToTell = 5;
const aheadToTell = 5;

/**
 * A silence between two fixes: `fix` when the device was heard and had none (antenna, jamming), `power` when it had said that its
 * power is cut or low, else `link`.
 * Where it was for how long, and how far it came meanwhile.
 */
function gap(signs: Signs, position: Position, ms: number, rules: SignRules): readonly Sign[] {
  const { ms: fromMs, lon, lat, heardMs, powerless } = signs;
  if (fromMs === undefined || lon === undefined || lat === undefined) return none;
  const seconds = (ms - fromMs) / 1000;
  const usualS = seconds > rules.gapSeconds ? usualSeconds(signs.intervals ?? []) : 0;
  if (rules.gapTimes > 0) {
    signs.intervals ??= [];
    addInterval(signs.intervals, seconds);
  }
  if (seconds <= rules.gapSeconds || seconds <= rules.gapTimes * usualS) return none;
  const heard = heardMs !== undefined && heardMs > fromMs;
  const distanceM = Math.round(metresBetween(lon, lat, position.lon, position.lat));
  const usual = usualS > 0 ? { usualS } : {};
  const data = {
    class: heard ? 'fix' : powerless ? 'power' : 'link',
    seconds,
    ...usual,
    distanceM,
    lon,
    lat,
  };
  return [{ what: 'gap', ms: fromMs, data }];
}

function frozen(signs: Signs, position: Position, ms: number, rules: SignRules): readonly Sign[] {
  const stays = position.lon === signs.lon && position.lat === signs.lat;
  if (!stays) {
    signs.same = 0;
    signs.sameSinceMs = ms;
    signs.frozen = false;
    return none;
  }
  const { speedKph } = position;
  if (speedKph === undefined) return none;
  if (!(speedKph >= movingKph)) {
    // it may well stand: what noise says of its speed now and then is not counted together
    signs.same = 0;
    signs.sameSinceMs = ms;
    return none;
  }
  signs.same += 1;
  const sinceMs = signs.sameSinceMs ?? ms;
  if (signs.frozen || signs.same + 1 < rules.frozenFixes || ms - sinceMs < rules.frozenSeconds * 1000)
    return none;
  signs.frozen = true;
  const { lon, lat } = position;
  return [{ what: 'frozen', ms: sinceMs, data: { fixes: signs.same + 1, speedKph, lon, lat } }];
}

/** The speed that the device tells of is not that of its way since the last fix of its body, several times in a row. */
function mismatch(signs: Signs, position: Position, ms: number, before: Before | undefined): readonly Sign[] {
  const { speedKph } = position;
  if (!before || speedKph === undefined) return none;
  const { ms: fromMs, lon, lat } = before;
  const tookMs = ms - fromMs;
  if (tookMs < compareMs[0] || tookMs > compareMs[1]) return none;
  const wayKph = (metresBetween(lon, lat, position.lon, position.lat) / tookMs) * 3600;
  const faster = Math.max(wayKph, speedKph);
  const differs = faster >= fastKph && Math.min(wayKph, speedKph) < faster / 3 && wayKph > 0;
  signs.mismatches = differs ? signs.mismatches + 1 : 0;
  if (signs.mismatches !== mismatchesToTell) return none;
  return [{ what: 'spoof', ms, data: { reason: 'speed', speedKph, wayKph: Math.round(wayKph), lon, lat } }];
}

/** Fixes that are dated after they came, several in a row: the clock of a receiver is that of its satellites. */
function ahead(signs: Signs, position: Position, ms: number, rules: SignRules): readonly Sign[] {
  const { time, received, lon, lat } = position;
  // as texts nearly all of them compare rightly and at once; the others are read
  if (time === undefined || received === undefined || !(time > received)) {
    if (signs.ahead !== undefined) signs.ahead = 0;
    return none;
  }
  const aheadSeconds = (ms - parseIso(received)) / 1000;
  signs.ahead = aheadSeconds > rules.aheadSeconds ? (signs.ahead ?? 0) + 1 : 0;
  if (signs.ahead !== aheadToTell) return none;
  return [{ what: 'spoof', ms, data: { reason: 'time', aheadSeconds, lon, lat } }];
}

/** Where the body that a fix is of was before. */
interface Before {
  readonly ms: number;
  readonly lon: number;
  readonly lat: number;
}

/** Whether a device says that its power is cut or low, as drivers name it. */
const powerWords = new Set<unknown>(['powerCut', 'underVoltage', 'lowBattery']);
const saysPowerless = ({ attributes: { alarms, status } }: Position): boolean =>
  (Array.isArray(alarms) && alarms.some((one) => powerWords.has(one))) ||
  (Array.isArray(status) && status.some((one) => powerWords.has(one)));

/** Every message counts, also one without a fix. Changes `signs` in place. */
export function hearPower(signs: Signs, position: Position): void {
  const isPowerless = saysPowerless(position);
  if (isPowerless || signs.powerless !== undefined) signs.powerless = isPowerless;
}

const aloft = ({ altitudeM, lon, lat }: Position, beforeM: number) => ({
  reason: 'altitude',
  altitudeM,
  beforeM,
  lon,
  lat,
});

/** What the next fix of a device shows. Changes `signs` in place. */
export function look(
  signs: Signs,
  position: Position,
  ms: number,
  before: Before | undefined,
  rules: SignRules,
): readonly Sign[] {
  const gaps = gap(signs, position, ms, rules);
  const mismatches = mismatch(signs, position, ms, before);
  const stands = frozen(signs, position, ms, rules);
  const early = ahead(signs, position, ms, rules);
  const beforeM = unclimbed(signs, position, ms);
  const heights: readonly Sign[] =
    beforeM === undefined ? none : [{ what: 'spoof', ms, data: aloft(position, beforeM) }];
  const quiet = gaps.length + mismatches.length + stands.length + early.length + heights.length === 0;
  const found = quiet ? none : [...gaps, ...mismatches, ...stands, ...early, ...heights];
  hearPower(signs, position);
  signs.ms = ms;
  signs.lon = position.lon;
  signs.lat = position.lat;
  return found;
}
