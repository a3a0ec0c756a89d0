import type { Traffic } from '#edge/traffic/traffic';
import { type CompanionRules, Companions } from '#flows/tracks/companions';
import type { Place } from '#flows/tracks/movers';
import { eastOf, northOf, stretchAt } from '#flows/tracks/plane';
import { newPlateMemory, Plates } from '#flows/tracks/plates';

/** What the detectors made of traffic in which companions were planted. */
export interface Detection {
  /** Pairs of the convoys that were planted, and those of them that were found. */
  readonly planted: number;
  readonly found: number;
  /** Pairs that were found and are none. */
  readonly strangers: number;
  /** Pairs that came together by chance, as often as they did. */
  readonly meetings: number;
}

const pairsOf = (objects: readonly string[]): string[] =>
  objects.flatMap((one, i) => objects.slice(i + 1).map((other) => [one, other].sort().join('+')));

function judge(
  found: ReadonlySet<string>,
  planted: readonly string[],
  others: ReadonlySet<string>,
  meetings: number,
) {
  const known = new Set(planted);
  const strangers = [...found].filter((pair) => !known.has(pair) && !others.has(pair)).length;
  return {
    planted: known.size,
    found: [...known].filter((pair) => found.has(pair)).length,
    strangers,
    meetings,
  };
}

export const companionRules: CompanionRules = {
  distanceM: 150,
  headingDeg: 30,
  snapshots: 30,
  run: 3,
  gap: 6,
  falseAlarmRate: 1e-4,
};

/** Both tiers on the same traffic: what they find of convoys in sight, and of scouts minutes ahead. */
export function detect(traffic: Traffic, falseAlarmRate: number): { near: Detection; gates: Detection } {
  const companions = new Companions({ ...companionRules, falseAlarmRate });
  const rules = { windowMs: 600_000, points: 3, falseAlarmRate, missRate: 0.05 };
  const plates = new Plates(rules, newPlateMemory());
  const last = new Map<string, Place>();
  const [near, gates] = [new Set<string>(), new Set<string>()];
  let snapshot = 0;
  for (const { message } of traffic.fixes()) {
    const ms = Date.parse(message.time ?? '');
    const due = Math.floor(ms / 10_000);
    if (snapshot === 0) snapshot = due;
    for (; snapshot < due; snapshot++)
      for (const { pair } of companions.snapshot(snapshot, [...last.values()]).found)
        near.add(`${pair.a}+${pair.b}`);
    if (message.kind === 'position') {
      const device = message.device ?? '';
      last.set(device, placeOf(companions.movers.take(device), message));
    } else if (message.kind === 'passage')
      for (const { pair } of plates.pass({ object: message.object, point: message.point, ms }).found)
        gates.add(`${pair.a}+${pair.b}`);
  }
  const truth = traffic.truth();
  const of = (kind: string) => truth.flatMap((each) => (each.kind === kind ? pairsOf(each.objects) : []));
  const [convoys, scouts] = [of('convoy'), of('scout')];
  return {
    near: judge(near, convoys, new Set(scouts), companions.background.total),
    gates: judge(gates, scouts, new Set(convoys), plates.memory.background.total),
  };
}

function placeOf(
  mover: number,
  fix: {
    readonly lon: number;
    readonly lat: number;
    readonly courseDeg?: number;
    readonly speedKph?: number;
  },
): Place {
  const stretch = stretchAt(fix.lat);
  const course = ((fix.courseDeg ?? 0) * Math.PI) / 180;
  const speed = ((fix.speedKph ?? 0) / 3.6) * stretch;
  return {
    mover,
    x: eastOf(fix.lon),
    y: northOf(fix.lat),
    vx: speed * Math.sin(course),
    vy: speed * Math.cos(course),
    stretch,
  };
}
