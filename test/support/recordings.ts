import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Real recordings, for checking only; they lie beside a checkout where there are any. */
export const tracksFolder = resolve(import.meta.dirname, '../../../shared/data/tracks');
export const noTracks = !existsSync(tracksFolder);

export interface Fix {
  readonly device: string;
  readonly time: string;
  readonly lon: number;
  readonly lat: number;
}

/** Positions sent under one vessel's identity, over months. */
export function vesselFixes(): Fix[] {
  const rows = readFileSync(join(tracksFolder, 'vessel-338013000.json'), 'utf8').trim().split('\n');
  return rows
    .map((row) => JSON.parse(row) as { timestamp: string; lon: number | null; lat: number | null })
    .flatMap(({ timestamp, lon, lat }) =>
      lon === null || lat === null
        ? []
        : [{ device: 'vessel', time: new Date(timestamp).toISOString(), lon, lat }],
    );
}

/** Buses of one line, over a day. */
export function busFixes(): Fix[] {
  const rows = readFileSync(join(tracksFolder, 'bus-route14.csv'), 'utf8').trim().split('\n').slice(1);
  return rows.map((row) => {
    const [, vehicle, , time, lat, lon] = row.replaceAll('"', '').split(',');
    const iso = `${(time ?? '').replace(' ', 'T')}Z`;
    return { device: `bus-${vehicle}`, time: iso, lon: Number(lon), lat: Number(lat) };
  });
}

/** Moves a recording in time, so that it ends at a moment. */
export function endingAt(fixes: readonly Fix[], endMs: number): Fix[] {
  const shiftMs = endMs - Math.max(...fixes.map((fix) => Date.parse(fix.time)));
  return fixes.map((fix) => ({ ...fix, time: new Date(Date.parse(fix.time) + shiftMs).toISOString() }));
}

/** A line of a recording, as `flow run` and `simulate` read it. */
export const positionLine = (fix: Fix): string =>
  JSON.stringify({ kind: 'position', ...fix, fix: true, quality: 'good', attributes: {} });

/** Squares around some of the places of a track, so that it goes in and out. */
export function squaresAround(fixes: readonly Fix[], count: number, halfDeg: number, prefix = 'f') {
  const every = Math.ceil(fixes.length / count);
  const features = fixes
    .filter((_, i) => i % every === 0)
    .map(({ lon, lat }, i) => {
      const [west, east, south, north] = [lon - halfDeg, lon + halfDeg, lat - halfDeg, lat + halfDeg];
      const ring = [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ];
      return {
        type: 'Feature',
        properties: { id: `${prefix}${i}`, name: `Square ${prefix}${i}` },
        geometry: { type: 'Polygon', coordinates: [ring] },
      };
    });
  return { type: 'FeatureCollection', features };
}

/** The trips of that line in one direction, by their numbers, each in order of time. */
export function busTrips(): Map<string, Fix[]> {
  const rows = readFileSync(join(tracksFolder, 'bus-route14.csv'), 'utf8').trim().split('\n').slice(1);
  const trips = new Map<string, Fix[]>();
  for (const row of rows) {
    const [, , trip = '', time = '', lat, lon] = row.replaceAll('"', '').split(',');
    const fix = { device: trip, time: `${time.replace(' ', 'T')}Z`, lon: Number(lon), lat: Number(lat) };
    trips.set(trip, [...(trips.get(trip) ?? []), fix]);
  }
  for (const fixes of trips.values()) fixes.sort((a, b) => (a.time < b.time ? -1 : 1));
  return trips;
}
