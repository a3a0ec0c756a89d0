import { Berth, LotRun, type OreWorld } from '../../physics/ore/berth.ts';
import type { Brand } from '../../physics/ore/materials.ts';
import { Random } from '../../physics/xray/random.ts';

/** Standard deviation of a laboratory's value, percent (assumed: near the precision that is usual for such analyses). */
const laboratorySigma = { Fe: 0.1, SiO2: 0.05, Al2O3: 0.04, LOI: 0.07, H2O: 0.1 } as const;
export type Analysed = keyof typeof laboratorySigma;
export const analysed = Object.keys(laboratorySigma) as Analysed[];

/** Mass of a window of the belt, t, and how long a spectrometer sees it, s. */
export const seenWindow = { massT: 5, seconds: 6 } as const;
/** How far samples of a lot lie apart, t. */
const apartT = 300;

/** A brand on the belt before one spectrometer, lot by lot; the same lot is the same ore before another one. */
export interface Sampling {
  readonly brand: Brand;
  /** Seed of the berth: which spectrometer of its make it is. */
  readonly berth: number;
  /** Of the lots. */
  readonly seed: number;
}

/** Each lot as it goes by the spectrometer. */
export function* lotRuns(world: OreWorld, { brand, berth, seed }: Sampling, lots: number): Generator<LotRun> {
  const at = new Berth(world, berth);
  for (let lot = 0; lot < lots; lot++) {
    const own = seed * 10_000 + lot;
    yield new LotRun(at, brand, own, 0, new Random(own, 1000 + berth));
  }
}

/** A sample of a lot: what the spectrometer saw of its stretch of the belt, and what the laboratory said of it, percent. */
export interface LotSample {
  readonly lot: string;
  readonly reflectance: Float64Array;
  readonly said: Readonly<Record<Analysed, number>>;
}

/** Belt cuts, `each` of a lot, as a laboratory takes them for a calibration, with its own errors. */
export function lotSamples(world: OreWorld, sampling: Sampling, lots: number, each: number): LotSample[] {
  const random = new Random(sampling.seed, 41);
  return [...lotRuns(world, sampling, lots)].flatMap((run, lot) =>
    Array.from({ length: each }, () => {
      run.cargo.next(apartT);
      const { truth, reflectance } = run.near(seenWindow.massT, seenWindow.seconds);
      const said = Object.fromEntries(
        analysed.map((name) => [name, (truth.massPct[name] ?? 0) + laboratorySigma[name] * random.normal()]),
      ) as Record<Analysed, number>;
      return { lot: `L-${lot + 1}`, reflectance: reflectance.slice(), said };
    }),
  );
}
