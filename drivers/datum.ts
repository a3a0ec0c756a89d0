import packaged from 'gcoord';
import type { Message } from '#flows/message';

// The package is CommonJS and its declarations say ES: what they call `default` is the module itself.
const gcoord = packaged as unknown as typeof packaged.default;

/** Datums that can be turned into WGS 84 exactly enough: those of Chinese maps. */
const known: Readonly<Record<string, (place: [number, number]) => [number, number]>> = {
  'GCJ-02': (place) => gcoord.transform(place, gcoord.GCJ02, gcoord.WGS84),
  'BD-09': (place) => gcoord.transform(place, gcoord.BD09, gcoord.WGS84),
};

/**
 * Turns a message's coordinates from the datum that the config names into WGS 84, in place, and says so in
 * `attributes.convertedFrom`; a datum that is not known here is only named, in `attributes.datum`.
 */
export function convertDatum(message: Message, datum: string): void {
  const convert = known[datum];
  if (!convert) {
    message.attributes.datum = datum;
    return;
  }
  if ((message.kind !== 'position' && message.kind !== 'seal') || message.attributes.encrypted) return;
  const { lon, lat } = message;
  if (lon === undefined || lat === undefined) return;
  const [east, north] = convert([lon, lat]);
  message.lon = Math.round(east * 1e7) / 1e7;
  message.lat = Math.round(north * 1e7) / 1e7;
  message.attributes.convertedFrom = datum;
}
