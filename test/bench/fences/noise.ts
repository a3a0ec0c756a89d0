import { indexFences } from '#flows/geo/fence-index';
import { readFences } from '#flows/geo/fences';
import { observer, type Tracked, type TrackRules } from '#flows/geo/tracker';
import { seededRandom } from '../path/random.ts';

const metre = 1 / 111_320;
const noiseM = 10;
/** The defaults of the stage `geofence`. */
const rules: TrackRules = {
  hysteresisM: 15,
  confirmFixes: 2,
  confirmMs: 20_000,
  dwellMs: Infinity,
  toIso: String,
};

/** A Gaussian of deviation 1 (Box and Muller). */
function gaussian(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(random() || Number.EPSILON)) * Math.cos(2 * Math.PI * random());
}

/**
 * Vehicles of 3 to 20 m/s drive straight over the edge of a fence, half of them in, half of them out, from 500 m before to
 * 500 m behind; every fix is off by 10 m (1 sigma) in both directions. `kept`: the share of the error that is
 * left after a second, as receivers have it; 0 for errors that know nothing of each other. Gives how many
 * transitions there were that should not be, or were not that should.
 */
export function wrongTransitions(crossings: number, fixSeconds: number, kept: number, seed = 1): number {
  const random = seededRandom(seed);
  const noise = gaussian(random);
  const square = [
    [0, -0.01],
    [0.01, -0.01],
    [0.01, 0.01],
    [0, 0.01],
    [0, -0.01],
  ];
  const geometry = { type: 'Polygon', coordinates: [square] };
  const features = [{ type: 'Feature', properties: { id: 'yard' }, geometry }];
  const index = indexFences(readFences({ type: 'FeatureCollection', features }));
  const observe = observer(index, rules);
  const left = kept ** fixSeconds;
  const added = noiseM * Math.sqrt(1 - left * left);
  let wrong = 0;
  for (let crossing = 0; crossing < crossings; crossing++) {
    const direction = crossing % 2 === 0 ? 1 : -1;
    const speed = 3 + 17 * random();
    let [offX, offY] = [noiseM * noise(), noiseM * noise()];
    let known: Tracked | undefined;
    const seen: string[] = [];
    for (let t = -500 / speed; t <= 500 / speed; t += fixSeconds) {
      [offX, offY] = [left * offX + added * noise(), left * offY + added * noise()];
      const lon = (direction * t * speed + offX) * metre;
      const { tracked, events } = observe(known, '', t * 1000, lon, offY * metre);
      known = tracked;
      for (const { what } of events) if (what !== 'cross') seen.push(what);
    }
    const expected = direction > 0 ? 1 : 2; // who begins inside has entered with the first fixes
    wrong += Math.abs(seen.length - expected);
  }
  return wrong;
}
