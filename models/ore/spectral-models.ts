import type { Measured, Measurement, OreAnswer, OreIncrement, OreModel } from '#flows/ore/model';
import { Refusal } from '#flows/process';
import type { Baseline } from './baseline.ts';
import type { OreJudge, WindowFeatures } from './judge.ts';
import { SpectrumReader, windowsOf } from './measure.ts';

/** Brand, waste and impurity, as the stages of a flow ask for them. */
export function spectralModels(judge: OreJudge): OreModel[] {
  const reader = new SpectrumReader();
  const about = {
    version: judge.tables.version,
    signed: false,
    simulated: true,
    techniques: ['nir', 'xrf'] as const,
  };
  const run = async (measurement: Measurement): Promise<unknown> => {
    if (measurement.kind !== 'spectrum') throw new Refusal('ore.kind', 'This model looks at spectra.');
    return reader.read(measurement);
  };
  const simple = (
    id: string,
    answer: (brand: string, windows: readonly WindowFeatures[]) => OreAnswer,
  ): OreModel => ({
    ...about,
    id,
    run,
    conclude: ({ declared }: OreIncrement, measured: readonly Measured[]) => ({
      answer: answer(declared.brand, windowsOf(measured)),
    }),
  });
  return [
    simple('ore-brand', (brand, windows) => judge.brand(brand, windows)),
    simple('ore-impurity', (brand, windows) => judge.classify(brand, windows)),
    {
      ...about,
      id: 'ore-slag',
      run,
      conclude: ({ declared }, measured, memory) =>
        judge.slag(declared.brand, windowsOf(measured), memory as Baseline | undefined),
    },
  ];
}
