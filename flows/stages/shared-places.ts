/** A place, and who was there when. */
interface Place {
  readonly lon: number;
  readonly lat: number;
  seen: { readonly device: string; ms: number }[];
}

/** Places that are remembered at most, in two halves: when the younger is full, the older goes as a whole. */
const maxPlaces = 10_000;

/**
 * Tells of devices that were at one place, to the last digit, within `withinMs`: when there are `devices` of them, once, with their
 * names in order. It is a hint alone, so it begins anew after a restart.
 */
export function sharedPlaces(devices: number, withinMs: number) {
  let young = new Map<number, Place>();
  let old = new Map<number, Place>();

  function placeAt(lon: number, lat: number): Place {
    const key = lon * 1024 + lat; // two places seldom share one, and are told apart
    const known = young.get(key) ?? old.get(key);
    const place = known && known.lon === lon && known.lat === lat ? known : { lon, lat, seen: [] };
    young.set(key, place);
    if (young.size >= maxPlaces / 2) {
      old = young;
      young = new Map();
    }
    return place;
  }

  return (device: string, { lon, lat }: { lon: number; lat: number }, ms: number): string[] | undefined => {
    const place = placeAt(lon, lat);
    if (place.seen.length > 0) place.seen = place.seen.filter((one) => Math.abs(ms - one.ms) <= withinMs);
    const before = place.seen.find((one) => one.device === device);
    if (before) before.ms = ms;
    else place.seen.push({ device, ms });
    if (before || place.seen.length !== devices) return undefined;
    return place.seen.map((one) => one.device).sort();
  };
}
