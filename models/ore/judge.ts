import type { OreAnswer, OreFinding } from '#flows/ore/model';
import { type Baseline, freshBaseline } from './baseline.ts';
import { BrandSpace, otherBrand, rivalsOf } from './brand-space.ts';
import { spectralFeatures } from './features.ts';
import { ImpurityClasses, softmax, together } from './impurity.ts';
import { toldP } from './lot-scale.ts';
import { Composition, type Offsets } from './regression.ts';
import { SlagWatch } from './slag.ts';
import type { OreTables } from './tables.ts';
import { tailP } from './tail.ts';

/** Features of both spectrometers of one window, its number in the lot. */
export interface WindowFeatures {
  readonly window: number;
  readonly features: Float64Array;
  /** How long it was seen for, where that is known. */
  readonly seconds?: number | undefined;
}

/** What a berth knows of itself. */
export interface BerthSetting {
  /** Mass of a window, t. */
  readonly windowT: number;
  /** What its instruments say too much, by samples of known composition. */
  readonly offsets?: Offsets | undefined;
}
const usualBerth: BerthSetting = { windowT: 5 };

/** How much of an increment's likelihood counts: its windows see one lot by one instrument. */
const brandWeight = 0.2;
/** Below this p-value a window is worth a finding. */
const suspectP = 0.001;

const meanOf = (windows: readonly WindowFeatures[]): Float64Array =>
  Float64Array.from({ length: spectralFeatures }, (_, k) =>
    windows.reduce((sum, { features }) => sum + (features[k] as number) / windows.length, 0),
  );

/** Undefined when it is not known of every window. */
function meanSeconds(windows: readonly WindowFeatures[]): number | undefined {
  const known = windows.flatMap(({ seconds }) => seconds ?? []);
  return known.length < windows.length ? undefined : known.reduce((sum, one) => sum + one, 0) / known.length;
}

const nothing = (reason: string): OreAnswer => ({ values: [], windows: [], findings: [], reasons: [reason] });

/** The models that look at spectra, of all brands in the tables. Pure but for scratch memory. */
export class OreJudge {
  readonly tables: OreTables;
  readonly spaces: ReadonlyMap<string, BrandSpace>;
  readonly #rivals: ReadonlyMap<string, readonly BrandSpace[]>;
  readonly #compositions: ReadonlyMap<string, Composition>;
  readonly #anyBrand: Composition;
  readonly #watches: ReadonlyMap<string, SlagWatch>;
  readonly impurity: ImpurityClasses;

  constructor(tables: OreTables) {
    this.tables = tables;
    const { brands, wastes } = tables;
    this.spaces = new Map(brands.map((table) => [table.name, new BrandSpace(table, wastes.length)]));
    this.#rivals = new Map(
      [...this.spaces].map(([name, space]) => [name, rivalsOf(space, this.spaces.values())]),
    );
    this.#compositions = new Map(brands.map(({ name, regression }) => [name, new Composition(regression)]));
    this.#anyBrand = new Composition(tables.anyBrand);
    this.#watches = new Map(
      [...this.spaces].map(([name, space]) => [name, new SlagWatch(space, wastes.length, tables.lots.slag)]),
    );
    this.impurity = new ImpurityClasses(tables.impurity);
  }

  watch(brand: string): SlagWatch | undefined {
    return this.#watches.get(brand);
  }

  /** Brand regression and verification: composition given the declared brand, and whether it is that brand. */
  brand(
    declared: string,
    windows: readonly WindowFeatures[],
    { windowT, offsets }: BerthSetting = usualBerth,
  ): OreAnswer {
    if (windows.length === 0) return nothing('No window was seen by both spectrometers.');
    const mean = meanOf(windows);
    const logs = [...this.spaces].map(([name, space]) => [name, space.logLikelihood(mean)] as const);
    const probabilities = softmax(Float64Array.from(logs, ([, value]) => brandWeight * value));
    const ranked = logs
      .map(([label], i) => ({ label, score: probabilities[i] as number }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 3);
    const own = this.spaces.get(declared);
    const composition = own ? this.#compositions.get(declared) : this.#anyBrand;
    const stretch = { windows: windows.length, windowT, seconds: meanSeconds(windows) };
    const values = (composition ?? this.#anyBrand).of(mean, stretch, offsets);
    const findings = ranked.map(({ label, score }) => ({ label, score, evidence: {} }));
    const said = { values: values.map((value) => ({ ...value, unit: '%' as const })), findings };
    if (!own)
      return {
        ...said,
        windows: [],
        reasons: [`The brand ${declared} is not among those that the models know.`],
      };
    const { brand: tail } = own.table.tails;
    const rivals = this.#rivals.get(declared) ?? [];
    return {
      ...said,
      windows: windows.map(({ window, features }) => ({
        window,
        p: toldP(this.tables.lots.brand, tailP(tail, otherBrand(rivals, own, features))),
      })),
      reasons: [],
    };
  }

  /** Waste in the ore: each window beside clean ore of the brand, and beside the lot so far. */
  slag(
    declared: string,
    windows: readonly WindowFeatures[],
    memory: Baseline = freshBaseline,
  ): { readonly answer: OreAnswer; readonly memory: Baseline } {
    const watch = this.#watches.get(declared);
    if (!watch)
      return {
        answer: nothing(`The brand ${declared} is not among those that the models know.`),
        memory,
      };
    let baseline = memory;
    const findings: OreFinding[] = [];
    const judged = windows.map(({ window, features }) => {
      const scores = watch.scores(baseline, features);
      const p = watch.p(scores);
      baseline = watch.after(baseline, p);
      if (p < suspectP) findings.push(this.#waste(watch, window, features, p, scores.t2));
      return { window, p };
    });
    const reasons = windows.length === 0 ? ['No window was seen by both spectrometers.'] : [];
    return { answer: { values: [], windows: judged, findings, reasons }, memory: baseline };
  }

  #waste(watch: SlagWatch, window: number, features: Float64Array, p: number, t2: number): OreFinding {
    const { label, score } = this.#likeliest(watch.space, [features]);
    const named = label === 'clean' ? 'unknown waste' : label;
    return { label: named, score, p, window, evidence: { t2 } };
  }

  #likeliest(space: BrandSpace, windows: readonly Float64Array[]): { label: string; score: number } {
    const plain = new Float64Array(spectralFeatures);
    const logs = windows.map((features) => {
      space.plain(features, plain);
      return this.impurity.logLikelihoods(plain);
    });
    const probabilities = softmax(together(logs));
    const at = probabilities.indexOf(Math.max(...probabilities));
    return { label: this.impurity.classes[at] ?? 'clean', score: probabilities[at] as number };
  }

  /** Class of what is in the ore, of an increment: `clean`, or a waste. */
  classify(declared: string, windows: readonly WindowFeatures[]): OreAnswer {
    const space = this.spaces.get(declared);
    if (!space) return nothing(`The brand ${declared} is not among those that the models know.`);
    if (windows.length === 0) return nothing('No window was seen by both spectrometers.');
    const { label, score } = this.#likeliest(
      space,
      windows.map(({ features }) => features),
    );
    return { values: [], windows: [], findings: [{ label, score, evidence: {} }], reasons: [] };
  }
}
