import packaged from 'gcoord';
import type { Message } from '../message.ts';

// The package is CommonJS and its declarations say ES: what they call `default` is the module itself.
const gcoord = packaged as unknown as typeof packaged.default;

type Turn = (place: [number, number]) => [number, number];
const stays: Turn = (place) => place;

/** Datums that can be turned into WGS 84 exactly enough: those of Chinese maps, and those that are less than a metre from it. */
const known: Readonly<Record<string, Turn>> = {
  GCJ02: (place) => gcoord.transform(place, gcoord.GCJ02, gcoord.WGS84),
  BD09: (place) => gcoord.transform(place, gcoord.BD09, gcoord.WGS84),
  WGS84: stays,
  CGCS2000: stays,
  ETRS89: stays,
};

/**
 * Turns a message's coordinates from a datum into WGS 84, in place, and says so in `attributes.convertedFrom`; one that is not
 * known here is only named, in `attributes.datum`. However it is written: `GCJ-02` is `gcj02`.
 */
export function convertDatum(message: Message, datum: string): void {
  const convert = known[datum.toUpperCase().replace(/[^A-Z0-9]/g, '')];
  if (!convert) {
    message.attributes.datum = datum;
    return;
  }
  if ((message.kind !== 'position' && message.kind !== 'seal') || message.attributes.encrypted) return;
  delete message.attributes.datum;
  const { lon, lat } = message;
  if (convert === stays || lon === undefined || lat === undefined) return;
  const [east, north] = convert([lon, lat]);
  message.lon = Math.round(east * 1e7) / 1e7;
  message.lat = Math.round(north * 1e7) / 1e7;
  message.attributes.convertedFrom = datum;
}
