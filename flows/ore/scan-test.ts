import { type Static, Type } from 'typebox';

/**
 * Two sequential tests of a lot's windows, both with the probability set that they alarm on a clean lot: k of n neighbours (a scan), and
 * Page's repeated sequential probability ratio test, which adds up what one window at a time says.
 */
export interface TestSettings {
  readonly least: number;
  readonly outOf: number;
  /** Windows of the lot, and false alarms of one lot and stage. */
  readonly windows: number;
  readonly falseAlarm: number;
  /** Share of a contaminated lot's windows that are expected to be below the level. */
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
export const scanFalseAlarm = ({ least, outOf, windows }: TestSettings, level: number): number =>
  windows * level * atLeast(least - 1, outOf - 1, level);

/** The level of a window's p-value at which the scan has half of the false alarms that are allowed. */
export function scanLevel(settings: TestSettings): number {
  let [low, high] = [0, 0.5];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (scanFalseAlarm(settings, middle) > settings.falseAlarm / 2) high = middle;
    else low = middle;
  }
  return low;
}

export const TestState = Type.Object({
  /** Windows below the level among the last, newest last. */
  hits: Type.Array(Type.Integer({ description: 'Number of a window that was below the level.' })),
  sum: Type.Number({ description: "Logarithm of the likelihood ratio, of Page's test." }),
  from: Type.Integer({ description: 'Window at which the sum last left zero.' }),
});
export type TestState = Static<typeof TestState>;
export const freshTest = (): TestState => ({ hits: [], sum: 0, from: 0 });

export interface TestAlarm {
  readonly test: 'scan' | 'sprt';
  /** First and last window that it rests on. */
  readonly from: number;
  readonly to: number;
}

/** The same settings for every window of a lot, computed once. */
export class WindowTest {
  readonly level: number;
  readonly #settings: TestSettings;
  readonly #up: number;
  readonly #down: number;
  readonly #limit: number;

  constructor(settings: TestSettings) {
    this.#settings = settings;
    this.level = scanLevel(settings);
    const { detection, windows, falseAlarm } = settings;
    this.#up = Math.log(detection / this.level);
    this.#down = Math.log((1 - detection) / (1 - this.level));
    // Page's test crosses h among N clean windows with at most N exp(-h) (Lorden 1971): the other half of what is allowed.
    this.#limit = Math.log(windows / (falseAlarm / 2));
  }

  /** One more window, in order of the belt. The state is changed in place. */
  step(state: TestState, window: number, p: number): TestAlarm | undefined {
    const { least, outOf } = this.#settings;
    const below = p <= this.level;
    if (state.sum === 0) state.from = window;
    state.sum = Math.max(0, state.sum + (below ? this.#up : this.#down));
    while ((state.hits[0] ?? window) <= window - outOf) state.hits.shift();
    if (!below) return undefined;
    state.hits.push(window);
    if (state.hits.length >= least) return { test: 'scan', from: state.hits[0] ?? window, to: window };
    return state.sum >= this.#limit ? { test: 'sprt', from: state.from, to: window } : undefined;
  }
}
