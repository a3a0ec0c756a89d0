import type { MessageOf } from '#flows/message';
import type { NmeaPart } from './decode.ts';
import { clockText } from './epoch.ts';

/** The sentence in which a radar says where a target is: after the manuals of makers (Furuno GP-80, Simrad ST90). */
export const contactType = 'TLL';

/** What a radar follows: a place that nobody there has told. */
export function contactOf({ talker, timeMs, lat, lon, fix, attributes }: NmeaPart): MessageOf<'position'>[] {
  if (lat === undefined || lon === undefined) return [];
  const said = Object.entries(attributes ?? {}).filter(([, value]) => value !== '');
  const timeOfDay = timeMs === undefined ? {} : { timeOfDay: clockText(timeMs) };
  return [
    {
      kind: 'position',
      quality: fix === true ? 'good' : 'bad',
      lon,
      lat,
      fix: fix === true,
      attributes: { talker, contact: 'radar', ...Object.fromEntries(said), ...timeOfDay },
    },
  ];
}
