import { type Static, Type } from 'typebox';

/** So many windows below a level, among so many neighbours. */
export interface ScanRule {
  readonly least: number;
  readonly outOf: number;
}

/** One window far beyond chance, or several neighbours that are a little. */
export const usualRules: readonly ScanRule[] = [
  { least: 1, outOf: 1 },
  { least: 2, outOf: 4 },
  { least: 3, outOf: 12 },
];

/**
 * Sequential tests of a lot's windows, with the probability set that they alarm on a clean lot: k of n neighbours for several k and n, each
 * with its own level (one window far beyond chance, or several that are a little), and Page's repeated sequential probability ratio test,
 * which adds up what one window at a time says. Each has the same share of the false alarms.
 *
 * Windows of a lot have their lot in common, so that one clean lot in a thousand may have all of its windows below a thousandth: no level is above the test's share of
 * the false alarms, and the rate holds for windows that are independent and for those that are all alike.
 */
export interface TestSettings {
  readonly rules: readonly ScanRule[];
  /** Windows of the lot, and false alarms of one lot and stage. */
  readonly windows: number;
  readonly falseAlarm: number;
  /** Share of a contaminated lot's windows that are expected to be below the level of Page's test. */
  readonly detection: number;
}

/** P(at least k of n) where each is so with probability p. */
export function atLeast(k: number, n: number, p: number): number {
  let [term, sum] = [(1 - p) ** n, 0];
  for (let i = 0; i <= n; i++) {
    if (i >= k) sum += term;
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
  }
  return Math.min(1, sum);
}

/**
 * A bound on the probability that k of n neighbouring windows are below the level somewhere in a clean lot of independent windows: over
 * each that is, that k - 1 of the n - 1 behind it are too.
 */
export const scanFalseAlarm = ({ least, outOf }: ScanRule, windows: number, level: number): number =>
  windows * level * atLeast(least - 1, outOf - 1, level);

/** The level of a window's p-value at which a rule has so many false alarms in a lot. */
export function scanLevel(rule: ScanRule, windows: number, falseAlarm: number): number {
  // Levels lie in many decades: their logarithm is halved.
  let [low, high] = [Math.log(1e-15), Math.log(0.5)];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (scanFalseAlarm(rule, windows, Math.exp(middle)) > falseAlarm) high = middle;
    else low = middle;
  }
  return Math.exp(low);
}

export const TestState = Type.Object({
  hits: Type.Array(Type.Array(Type.Integer({ description: 'Number of a window below the level.' })), {
    description: 'Of each rule, among the last windows.',
  }),
  sum: Type.Number({ description: "Logarithm of the likelihood ratio, of Page's test." }),
  from: Type.Integer({ description: 'Window at which the sum last left zero.' }),
});
export type TestState = Static<typeof TestState>;
export const freshTest = (): TestState => ({ hits: [], sum: 0, from: 0 });

export interface TestAlarm {
  /** `1 of 1`, `3 of 12`, or `sprt`. */
  readonly test: string;
  /** First and last window that it rests on. */
  readonly from: number;
  readonly to: number;
}

/** Highest level of Page's test. */
const pageLevel = 0.001;

/** The same settings for every window of a lot, computed once. */
export class WindowTest {
  readonly levels: readonly number[];
  readonly #rules: readonly ScanRule[];
  readonly #pageLevel: number;
  readonly #up: number;
  readonly #down: number;
  readonly #limit: number;

  constructor({ rules, windows, falseAlarm, detection }: TestSettings) {
    const share = falseAlarm / (rules.length + 1);
    this.#rules = rules;
    this.levels = rules.map((rule) => Math.min(share, scanLevel(rule, windows, share)));
    this.#pageLevel = Math.min(share, pageLevel);
    this.#up = Math.log(detection / this.#pageLevel);
    this.#down = Math.log((1 - detection) / (1 - this.#pageLevel));
    // Page's test crosses h among N clean windows with a probability of at most N exp(-h) (Lorden 1971).
    this.#limit = Math.log(windows / share);
  }

  /** One more window, in order of the belt. The state is changed in place. */
  step(state: TestState, window: number, p: number): TestAlarm | undefined {
    const below = p <= this.#pageLevel;
    if (state.sum === 0) state.from = window;
    state.sum = Math.max(0, state.sum + (below ? this.#up : this.#down));
    let alarm: TestAlarm | undefined;
    this.#rules.forEach(({ least, outOf }, i) => {
      const hits = (state.hits[i] ?? []).filter((hit) => hit > window - outOf);
      if (p <= (this.levels[i] ?? 0)) hits.push(window);
      state.hits[i] = hits;
      if (hits.at(-1) === window && hits.length >= least)
        alarm ??= { test: `${least} of ${outOf}`, from: hits[0] ?? window, to: window };
    });
    if (alarm === undefined && below && state.sum >= this.#limit)
      alarm = { test: 'sprt', from: state.from, to: window };
    return alarm;
  }
}
