import type { Message, Position } from '#flows/message';

const seconds = (time: string | undefined) =>
  time === undefined ? {} : { tst: Math.round(Date.parse(time)) / 1000 };

const given = <K extends string>(name: K, value: number | undefined) =>
  value === undefined ? {} : { [name]: value };

/** A position as an OwnTracks location. */
function locationOf(position: Position): Record<string, unknown> {
  const { lon, lat, time, accuracyM, altitudeM, speedKph, courseDeg, attributes } = position;
  return {
    _type: 'location',
    lat,
    lon,
    ...seconds(time),
    ...given('acc', accuracyM),
    ...given('alt', altitudeM),
    ...given('vel', speedKph),
    ...given('cog', courseDeg),
    ...attributes,
  };
}

/** Topic and payload with which a device says a message: OwnTracks for positions, our own JSON for all else. */
export function publicationOf(message: Message): { readonly topic: string; readonly payload: string } {
  const device = message.device ?? 'simulated';
  if (message.kind === 'position')
    return { topic: `owntracks/${device}`, payload: JSON.stringify(locationOf(message)) };
  return { topic: `devices/${device}`, payload: JSON.stringify(message) };
}
