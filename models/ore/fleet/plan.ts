import type { OreTruth } from '../../physics/ore/cargo.ts';
import { type ForeignKind, foreignKinds } from '../../physics/ore/foreign-bodies.ts';
import type { Random } from '../../physics/xray/random.ts';

export const windowT = 5;
export const incrementWindows = 4;
export const lotT = 5000;
/** 3,000 t/h. */
export const tonnesPerSecond = 3000 / 3600;
export const lotSeconds = Math.ceil(lotT / tonnesPerSecond);
/** Seconds that a window is seen for, at 3,000 t/h. */
export const windowSeconds = 6;

/** A source in the load, how deep it lies, and how many seconds after the lot's first tonne it passes. */
export interface LoadSource {
  readonly nuclide: 'Cs-137' | 'Co-60';
  readonly megabecquerel: number;
  readonly depthM: number;
  readonly atS: number;
}

/** What is wrong with a lot. */
export const badKinds = ['waste', 'unseen waste', 'other brand', 'foreign body', 'source'] as const;
export type BadKind = (typeof badKinds)[number];

/** What is in one lot of the fleet. */
export interface LotPlan {
  readonly seed: number;
  readonly brand: number;
  readonly berth: number;
  readonly wetPct: number;
  readonly bad: boolean;
  /** Undefined of a clean lot. */
  readonly kind: BadKind | undefined;
  /** The brand that it is declared as. */
  readonly declared: number;
  readonly body?: { readonly window: number; readonly what: ForeignKind };
  readonly source?: LoadSource;
  /** Waste from one tonne of the lot to another; of unseen waste its place among those. */
  readonly slug:
    | { readonly waste: number; readonly fromT: number; readonly toT: number; readonly share: number }
    | undefined;
  /** Windows that one of the spectrometers did not see: its window was blocked, or it was restarted. */
  readonly blind: { readonly from: number; readonly to: number } | undefined;
}

/** Shares of lots that rain has fallen on, and of those during which a spectrometer was blind for a while. */
const wetShare = 0.15;
const blindShare = 0.1;

/** A small slug: at least so much ore with so much waste in it; or so much of the whole lot is waste, in one heap. */
const smallSlug = { leastT: 10, mostT: 40, share: 0.2 };
const heapShare = 0.01;

/** Lots of the fleet: the first half bad, each waste as often, half of them with a small slug and half with a hundredth of the mass. */
export function planLot(
  at: number,
  bad: boolean,
  brands: number,
  berths: number,
  wastes: number,
  seed: number,
  random: Random,
): LotPlan {
  const waste = at % wastes;
  const small = Math.floor(at / wastes) % 2 === 0;
  const share = small ? smallSlug.share : random.between(0.2, 0.6);
  const length = small ? random.between(smallSlug.leastT, smallSlug.mostT) : (heapShare * lotT) / share;
  const fromT = random.between(0, lotT - length);
  const start = random.integer(0, lotT / windowT - 30);
  const brand = random.integer(0, brands - 1);
  return {
    seed,
    brand,
    declared: brand,
    kind: bad ? 'waste' : undefined,
    berth: random.integer(0, berths - 1),
    wetPct: random.chance(wetShare) ? random.between(1, 3) : 0,
    bad,
    slug: bad ? { waste, fromT, toT: fromT + length, share } : undefined,
    blind: random.chance(blindShare) ? { from: start, to: start + random.integer(2, 30) } : undefined,
  };
}

/** Share of waste in a window that a slug covers in part. */
export function wasteIn(
  { slug }: LotPlan,
  window: number,
  heap: OreTruth | undefined,
): { truth: OreTruth; share: number } | undefined {
  if (!slug || !heap) return undefined;
  const [from, to] = [window * windowT, (window + 1) * windowT];
  const covered = Math.max(0, Math.min(to, slug.toT) - Math.max(from, slug.fromT)) / windowT;
  return covered > 0 ? { truth: heap, share: slug.share * covered } : undefined;
}

/** Sources that a lot may hold. */
const sources = [
  { nuclide: 'Cs-137', megabecquerel: 100 },
  { nuclide: 'Co-60', megabecquerel: 10 },
] as const;

/** The clean lot, made bad in another way: each kind and what there is of it in turn. */
export function planOther(
  clean: LotPlan,
  kind: Exclude<BadKind, 'waste'>,
  at: number,
  { brands, unseen }: { readonly brands: number; readonly unseen: number },
  random: Random,
): LotPlan {
  const bad = { ...clean, bad: true, kind };
  if (kind === 'other brand')
    return { ...bad, declared: (clean.brand + random.integer(1, brands - 1)) % brands };
  if (kind === 'unseen waste') {
    const length = random.between(smallSlug.leastT, smallSlug.mostT);
    const fromT = random.between(0, lotT - length);
    return { ...bad, slug: { waste: at % unseen, fromT, toT: fromT + length, share: smallSlug.share } };
  }
  if (kind === 'foreign body')
    return {
      ...bad,
      body: {
        window: random.integer(0, lotT / windowT - 1),
        what: foreignKinds[at % foreignKinds.length] as ForeignKind,
      },
    };
  const atS = random.integer(200, lotSeconds - 200);
  return {
    ...bad,
    source: {
      ...(sources[at % sources.length] as (typeof sources)[number]),
      atS,
      depthM: random.between(0.05, 0.3),
    },
  };
}

/** Tonne of the lot from which it is bad; undefined of a clean one. */
export function badFromT({ kind, slug, body, source }: LotPlan): number | undefined {
  if (kind === undefined) return undefined;
  if (body) return body.window * windowT;
  return source ? source.atS * tonnesPerSecond : (slug?.fromT ?? 0);
}
