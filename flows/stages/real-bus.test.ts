import { expect, test } from 'vitest';
import { position } from '#test/support/messages';
import { busTrips, type Fix, noTracks } from '#test/support/recordings';
import { runStage } from '#test/support/stage-harness';
import { corridor } from './corridor.ts';

const model = '1105';

/** What the corridor of one real trip says of another. */
function said(line: readonly (readonly [number, number])[], fixes: readonly Fix[]): string[] {
  const run = runStage(corridor, { corridors: [{ id: 'route14', line, widthM: 100 }] });
  for (const { device, time, lon, lat } of fixes)
    run.push(position(0, lon, lat, { device, time, received: time }));
  return run.port('out').flatMap((one) => ('type' in one ? [String(one.type)] : []));
}

/** The same places from the last to the first, at the times of the first to the last. */
const backwards = (fixes: readonly Fix[]): Fix[] =>
  fixes.map(({ device, time }, i) => ({ ...(fixes[fixes.length - 1 - i] as Fix), device, time }));

test.skipIf(noTracks)(
  'a real bus keeps to the way of another trip of its line (skipped without data)',
  () => {
    const trips = busTrips();
    const line = (trips.get(model) ?? []).map(({ lon, lat }) => [lon, lat] as const);
    expect(line.length).toBeGreaterThan(100);
    const others = [...trips].filter(([trip]) => trip !== model);
    expect(others).toHaveLength(15);
    const left = others.filter(([, fixes]) => said(line, fixes).includes('quaywatch.corridor.deviation'));
    // trip 1103 went another way for ten fixes, up to 329 m off
    expect(left.map(([trip]) => trip)).toEqual(['1103']);
    const long = others.filter(([, fixes]) => fixes.length > 60);
    const wrong = long.filter(([, fixes]) =>
      said(line, backwards(fixes)).includes('quaywatch.corridor.wrongWay'),
    );
    expect(wrong).toHaveLength(long.length);
    const forwards = others.filter(([, fixes]) => said(line, fixes).includes('quaywatch.corridor.wrongWay'));
    // two go back to their first stop before they begin, one ends with a single fix 69 m back
    expect(forwards).toEqual([]);
  },
);
