import { type Static, Type } from 'typebox';
import type { MessageOf } from '../message.ts';

const number = (description: string) => Type.Number({ description });
/** The height that a device has said, as long as nothing is wrong with it. */
export const Altitude = Type.Object({
  m: number('Metres.'),
  ms: number('When, epoch ms.'),
  off: Type.Integer({ description: 'Fixes in a row, since, that nothing climbs to.' }),
});

/** Heights of receivers are off by less than the first, metres; and no road climbs by more than the second, metres a second. */
const heightNoiseM = 150;
const climbMPerS = 5;
const heightsToTell = 3;

/**
 * The height before, metres, when it changes as that of no vehicle does, and stays there: a receiver that follows made-up
 * satellites is often at their height. Changes `signs` in place.
 */
export function unclimbed(
  signs: { altitude?: Static<typeof Altitude> | undefined },
  { altitudeM, hdop }: MessageOf<'position'>,
  ms: number,
): number | undefined {
  // zero stands for a height that is not known, and a poor geometry has poor heights
  if (altitudeM === undefined || altitudeM === 0 || (hdop ?? 0) > 5) return undefined;
  const { altitude } = signs;
  const seconds = altitude ? (ms - altitude.ms) / 1000 : 0;
  const apartM = altitude ? Math.abs(altitudeM - altitude.m) : 0;
  if (!altitude || apartM <= heightNoiseM + climbMPerS * seconds) {
    signs.altitude = { m: altitudeM, ms, off: 0 };
    return undefined;
  }
  altitude.off += 1;
  if (altitude.off < heightsToTell) return undefined;
  signs.altitude = { m: altitudeM, ms, off: 0 };
  return altitude.m;
}
