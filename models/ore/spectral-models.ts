import type { Measured, Measurement, OreAnswer, OreIncrement, OreModel } from '#flows/ore/model';
import { Refusal } from '#flows/process';
import type { Baseline } from './baseline.ts';
import type { OreJudge, WindowFeatures } from './judge.ts';
import { SpectrumReader, windowsOf } from './measure.ts';

/** What the waste model keeps of a lot, and which version did. */
interface Remembered {
  readonly version: string;
  readonly baseline: Baseline;
}

/** Brand, waste and impurity, as the stages of a flow ask for them. */
export function spectralModels(
  judge: OreJudge,
  by: { readonly version: string; readonly signed: boolean },
): OreModel[] {
  const reader = new SpectrumReader();
  const about = {
    ...by,
    simulated: true,
    techniques: ['nir', 'xrf'] as const,
  };
  const run = async (measurement: Measurement): Promise<unknown> => {
    if (measurement.kind !== 'spectrum') throw new Refusal('ore.kind', 'This model looks at spectra.');
    return reader.read(measurement);
  };
  const simple = (
    id: string,
    answer: (brand: string, windows: readonly WindowFeatures[], increment: OreIncrement) => OreAnswer,
  ): OreModel => ({
    ...about,
    id,
    run,
    conclude: (increment: OreIncrement, measured: readonly Measured[]) => ({
      answer: answer(increment.declared.brand, windowsOf(measured), increment),
    }),
  });
  return [
    simple('ore-brand', (brand, windows, { windowT }) => judge.brand(brand, windows, { windowT })),
    simple('ore-impurity', (brand, windows) => judge.classify(brand, windows)),
    {
      ...about,
      id: 'ore-slag',
      run,
      conclude({ declared }, measured, memory) {
        const known = memory as Remembered | undefined;
        // Another version has other axes: the lot is learnt anew.
        const baseline = known?.version === by.version ? known.baseline : undefined;
        const said = judge.slag(declared.brand, windowsOf(measured), baseline);
        return {
          answer: said.answer,
          memory: { version: by.version, baseline: said.memory } satisfies Remembered,
        };
      },
    },
  ];
}
