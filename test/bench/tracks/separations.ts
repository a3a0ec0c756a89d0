import type { Traffic } from '#edge/traffic/traffic';
import { type Carrying, carry } from '#flows/tracks/carrying';
import { addFix, type Fixes, noFixes, spotAt } from '#flows/tracks/fixes';

const rules = { sigmaM: 10, chance: 0.001, fixes: 3, searchM: 100 };

export interface SeparationDetection {
  readonly planted: number;
  readonly found: number;
  /** Separations that were told of and never happened. */
  readonly strangers: number;
  /** Fixes of seals that were judged. */
  readonly fixes: number;
}

/** Every seal against every truck, with all fixes known: what a live flow knows after its lateness. */
export function detectSeparations(traffic: Traffic): SeparationDetection {
  const trucks = new Map<string, Fixes>();
  const seals: { seal: string; ms: number; lon: number; lat: number }[] = [];
  for (const { message } of traffic.fixes()) {
    if (message.kind !== 'position') continue;
    const [device, ms] = [message.device ?? '', Date.parse(message.time ?? '')];
    if (message.attributes.seal === true)
      seals.push({ seal: device, ms, lon: message.lon, lat: message.lat });
    else {
      const fixes = trucks.get(device) ?? noFixes();
      addFix(fixes, ms, message.lon, message.lat);
      trucks.set(device, fixes);
    }
  }
  const carried = new Map<string, Carrying>();
  const told = new Set<string>();
  for (const { seal, ...fix } of seals) {
    const carrying = carried.get(seal) ?? { apart: 0, apartFromMs: 0 };
    carried.set(seal, carrying);
    const spotOf = (truck: string) => spotAt(trucks.get(truck) ?? noFixes(), fix.ms, 120_000, 30_000);
    if (carry(carrying, fix, () => trucks.keys(), spotOf, rules)?.what === 'separation') told.add(seal);
  }
  const planted = new Set(
    traffic
      .truth()
      .flatMap(({ kind, objects }) =>
        kind === 'separation' || kind === 'substitution' ? [objects[0] ?? ''] : [],
      ),
  );
  const found = [...planted].filter((seal) => told.has(seal)).length;
  return {
    planted: planted.size,
    found,
    strangers: [...told].filter((seal) => !planted.has(seal)).length,
    fixes: seals.length,
  };
}
