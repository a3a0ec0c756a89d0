import type { Random } from '../xray/random.ts';
import { type Brand, mixed, type Waste } from './materials.ts';
import { analysisOf, type Minerals, mineralsOf, reflecting, reflectingWaste } from './minerals.ts';

/** Ore of one window of the belt as it is, before any instrument. */
export interface OreTruth {
  /** Mass percent of the dry ore; H2O of the moist. */
  readonly massPct: Readonly<Record<string, number>>;
  /** Shares of end-members by name. */
  readonly reflecting: ReadonlyMap<string, number>;
}

/** Relative deviations of a mineral or trace: from lot to lot, along a lot, from window to window. */
export interface Spread {
  readonly lot: number;
  readonly along: number;
  readonly window: number;
}

/** How ore varies: assumed, such that iron varies by some 0.5 % in a lot and by 0.4 % between lots of a brand. */
export const usualSpread: Readonly<Record<string, Spread>> = {
  hematite: { lot: 0.05, along: 0.05, window: 0.02 },
  goethite: { lot: 0.05, along: 0.05, window: 0.02 },
  kaolinite: { lot: 0.08, along: 0.1, window: 0.04 },
  gibbsite: { lot: 0.08, along: 0.1, window: 0.04 },
  chlorite: { lot: 0.1, along: 0.1, window: 0.04 },
  quartz: { lot: 0.1, along: 0.15, window: 0.06 },
  magnetite: { lot: 0.05, along: 0.05, window: 0.02 },
};
const traceSpread: Spread = { lot: 0.3, along: 0.15, window: 0.08 };
/** Moisture, percent: between lots, along a lot, between windows. */
const moisture: Spread = { lot: 0.6, along: 0.5, window: 0.15 };
/** Tonnes after which ore along the belt has forgotten what it was. */
const memoryT = 150;
/** How far the kinds of hematite and goethite in a lot may move from the brand's, as a share. */
const kindSpread = 0.06;

/** A lot of one brand: its own mean, and what varies along it. */
export class CargoLot {
  readonly brand: Brand;
  readonly #random: Random;
  readonly #minerals: Minerals;
  readonly #total: number;
  /** The mineral that there is most of: it gives way to the others. */
  readonly #closing: string;
  readonly #traces: Readonly<Record<string, number>>;
  readonly #kinds: Brand['minerals'];
  readonly #moisturePct: number;
  readonly #along = new Map<string, number>();

  /** `wetPct` is more moisture than the brand usually has. */
  constructor(brand: Brand, random: Random, wetPct = 0) {
    this.brand = brand;
    this.#random = random;
    const minerals = mineralsOf(brand);
    this.#total = Object.values(minerals).reduce((sum, share) => sum + share, 0);
    this.#closing = Object.entries(minerals).reduce((a, b) => (b[1] > a[1] ? b : a))[0];
    this.#minerals = Object.fromEntries(
      Object.entries(minerals).map(([name, share]) => [
        name,
        share * this.#drawn(usualSpread[name]?.lot ?? 0),
      ]),
    ) as unknown as Minerals;
    this.#traces = Object.fromEntries(
      Object.entries(tracesOf(brand)).map(([name, value]) => [name, value * this.#drawn(traceSpread.lot)]),
    );
    const moved = (kinds: Readonly<Record<string, number>>) => {
      const drawn = Object.entries(kinds).map(
        ([name, share]) => [name, share * this.#drawn(kindSpread)] as const,
      );
      const sum = drawn.reduce((all, [, share]) => all + share, 0);
      return Object.fromEntries(drawn.map(([name, share]) => [name, share / sum]));
    };
    const { hematite, goethite } = brand.minerals;
    this.#kinds = { ...brand.minerals, hematite: moved(hematite), goethite: moved(goethite) };
    this.#moisturePct = (brand.massPct.H2O ?? 8) + wetPct + moisture.lot * random.normal();
  }

  #drawn(deviation: number): number {
    return Math.exp(deviation * this.#random.normal() - deviation ** 2 / 2);
  }

  /** A factor, or for moisture an addition, that goes on along the belt. */
  #moves(name: string, { along, window }: Spread, massT: number): number {
    const kept = Math.exp(-massT / memoryT);
    const before = this.#along.get(name) ?? this.#random.normal();
    const now = kept * before + Math.sqrt(1 - kept * kept) * this.#random.normal();
    this.#along.set(name, now);
    return along * now + window * this.#random.normal();
  }

  /** Clean ore of the next so many tonnes. */
  next(massT: number): OreTruth {
    const minerals: Record<string, number> = {};
    let others = 0;
    for (const [name, share] of Object.entries(this.#minerals)) {
      const spread = usualSpread[name];
      minerals[name] = spread && share > 0 ? share * Math.exp(this.#moves(name, spread, massT)) : share;
      if (name !== this.#closing) others += minerals[name] as number;
    }
    minerals[this.#closing] = Math.max(0, this.#total - others);
    const whole = minerals as unknown as Minerals;
    const traces = Object.fromEntries(
      Object.entries(this.#traces).map(([name, value]) => [
        name,
        value * Math.exp(this.#moves(name, traceSpread, massT)),
      ]),
    );
    const wet = Math.max(1, this.#moisturePct + this.#moves('H2O', moisture, massT));
    const analysis = analysisOf(whole);
    return {
      massPct: { ...traces, ...analysis, MgO: (analysis.MgO ?? 0) + (traces.MgO ?? 0), H2O: wet },
      reflecting: reflecting(whole, { minerals: this.#kinds }),
    };
  }
}

/** What the minerals do not settle of a brand. */
function tracesOf({ massPct, tracesPct }: Brand): Record<string, number> {
  const { P = 0, S = 0, Mn = 0 } = massPct;
  return { ...tracesPct, P, S, Mn };
}

/** One heap of a waste: its composition within the ranges. */
export function drawWaste(waste: Waste, random: Random): OreTruth {
  const drawn = Object.entries({ ...waste.tracesPct, ...waste.rangePct }).map(
    ([name, [low, high]]) => [name, random.between(low, high)] as const,
  );
  const minerals = [...reflectingWaste(waste)].map(
    ([name, share]) => [name, share * Math.exp(0.15 * random.normal())] as const,
  );
  const sum = minerals.reduce((all, [, share]) => all + share, 0);
  return {
    massPct: Object.fromEntries(drawn),
    reflecting: new Map(minerals.map(([name, share]) => [name, share / sum])),
  };
}

/** Ore with a share of waste in it, by mass. */
export function blended(ore: OreTruth, waste: OreTruth, share: number): OreTruth {
  if (share === 0) return ore;
  const parts = [
    { share: 1 - share, massPct: ore.massPct },
    { share, massPct: waste.massPct },
  ];
  const found = new Map<string, number>();
  for (const [of, weight] of [
    [ore, 1 - share],
    [waste, share],
  ] as const)
    for (const [name, value] of of.reflecting) found.set(name, (found.get(name) ?? 0) + weight * value);
  return { massPct: mixed(parts), reflecting: found };
}
