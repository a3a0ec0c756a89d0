import { type Static, Type } from 'typebox';
import { type CountRateSettings, countRate, freshCountRate } from './count-rate.ts';
import { countsOf, gammaWindows } from './gamma-windows.ts';
import type { SpectrumMessage } from './model.ts';

const Rate = Type.Object({
  background: Type.Number({ description: 'Counts a second of the unshielded background.' }),
  seconds: Type.Number({ description: 'Seconds that it rests on.' }),
  recent: Type.Array(Type.Boolean(), {
    description: 'Whether the last measurements were above, newest last.',
  }),
});

/** Count rates of one gamma detector: all its counts, and each energy window. */
export const GammaState = Type.Object({
  gross: Rate,
  windows: Type.Record(Type.String(), Rate, { description: 'By name of the window.' }),
});
export type GammaState = Static<typeof GammaState>;
export const freshGamma = (): GammaState => ({ gross: rate(freshCountRate), windows: {} });

const rate = (state: {
  background: number;
  seconds: number;
  recent: readonly boolean[];
}): Static<typeof Rate> => ({
  ...state,
  recent: [...state.recent],
});

export interface GammaStep {
  readonly state: GammaState;
  readonly alarm: boolean;
  readonly cause: 'counts' | 'window';
  /** Deviations above the background behind the same load: of all counts, and by window. */
  readonly sigmas: number;
  readonly windows: Readonly<Record<string, number>>;
  /** Of the window that stands out most; undefined where none does. */
  readonly nuclide: string | undefined;
  readonly natural: boolean;
}

/** Deviations from which a window names its nuclide. */
const namesFrom = 4;

/** One more spectrum, of ore that loads the belt to `load` of its full load. */
export function gammaStep(
  known: GammaState,
  spectrum: SpectrumMessage,
  load: number,
  settings: CountRateSettings,
): GammaStep {
  const seconds = spectrum.liveTimeS ?? 1;
  const { gross, byWindow } = countsOf(spectrum);
  const all = countRate(known.gross, { counts: gross, seconds, load }, settings);
  const steps = gammaWindows.flatMap((window) => {
    const counts = byWindow[window.name];
    if (counts === undefined) return [];
    const before = known.windows[window.name] ?? freshCountRate;
    return [{ window, ...countRate(before, { counts, seconds, load }, settings) }];
  });
  const most = steps.reduce<(typeof steps)[number] | undefined>(
    (best, step) => (best === undefined || step.sigmas > best.sigmas ? step : best),
    undefined,
  );
  const named = most !== undefined && most.sigmas >= namesFrom ? most.window : undefined;
  return {
    state: {
      gross: rate(all.state),
      windows: Object.fromEntries(steps.map(({ window, state }) => [window.name, rate(state)])),
    },
    alarm: all.alarm || steps.some(({ alarm }) => alarm),
    cause: all.alarm ? 'counts' : 'window',
    sigmas: all.sigmas,
    windows: Object.fromEntries(
      steps.map(({ window, sigmas }) => [window.name, Math.round(sigmas * 100) / 100]),
    ),
    nuclide: named?.nuclide,
    natural: named?.natural ?? false,
  };
}
