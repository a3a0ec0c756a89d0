import type { MessageOf } from '#flows/message';
import type { NmeaPart } from './decode.ts';
import { clockText } from './epoch.ts';

/** The sentence in which a radar says where a target is: after the manuals of makers (Furuno GP-80, Simrad ST90). */
export const contactType = 'TLL';

/** What a radar follows: a place that nobody there has told. What is empty of `said` was not said. */
export function contactAt(
  { talker, timeMs, fix }: NmeaPart,
  { lon, lat }: { readonly lon: number; readonly lat: number },
  said: Readonly<Record<string, unknown>>,
): MessageOf<'position'> {
  const named = Object.entries(said).filter(([, value]) => value !== '');
  const timeOfDay = timeMs === undefined ? {} : { timeOfDay: clockText(timeMs) };
  return {
    kind: 'position',
    quality: fix === true ? 'good' : 'bad',
    lon,
    lat,
    fix: fix === true,
    attributes: { talker, contact: 'radar', ...Object.fromEntries(named), ...timeOfDay },
  };
}

/** A target whose place the radar says itself. */
export function contactOf(part: NmeaPart): MessageOf<'position'>[] {
  const { lat, lon, attributes = {} } = part;
  return lat === undefined || lon === undefined ? [] : [contactAt(part, { lon, lat }, attributes)];
}
