import type { Message, Position } from '#flows/message';

const inside = (value: number | undefined, least: number, most: number): boolean =>
  value === undefined || (value >= least && value <= most);

/** Faster than aircraft that report by AIS (1,022 knots). */
const maxSpeedKph = 1900;

function ofPosition(position: Position): string[] | undefined {
  const { lon, lat, fix, speedKph, courseDeg, altitudeM, accuracyM, hdop, satellites } = position;
  // Where no receiver is: what a device sends that has none, and says that it has.
  const nowhere = fix && lon === 0 && lat === 0;
  if (
    !nowhere &&
    inside(speedKph, 0, maxSpeedKph) &&
    inside(courseDeg, 0, 360) &&
    inside(altitudeM, -1000, 30_000) &&
    inside(accuracyM, 0, 1e7) &&
    inside(hdop, 0, 1e4) &&
    inside(satellites, 0, 200)
  )
    return undefined;
  const out: string[] = nowhere ? ['lon', 'lat'] : [];
  if (!inside(speedKph, 0, maxSpeedKph)) out.push('speedKph');
  if (!inside(courseDeg, 0, 360)) out.push('courseDeg');
  if (!inside(altitudeM, -1000, 30_000)) out.push('altitudeM');
  if (!inside(accuracyM, 0, 1e7)) out.push('accuracyM');
  if (!inside(hdop, 0, 1e4)) out.push('hdop');
  if (!inside(satellites, 0, 200)) out.push('satellites');
  return out;
}

/** Fields whose values cannot be, by name; undefined when there is none. */
export function outOfRange(message: Message): string[] | undefined {
  if (message.kind === 'position') return ofPosition(message);
  if (message.kind === 'reading') return Number.isFinite(message.value) ? undefined : ['value'];
  if (message.kind === 'seal') return inside(message.batteryPct, 0, 100) ? undefined : ['batteryPct'];
  return undefined;
}
