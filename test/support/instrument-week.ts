import type { MessageOf } from '#flows/message';
import type { SpectrumMessage } from '#flows/ore/model';
import { instrument } from '#flows/stages/instrument';
import { Random } from './random.ts';
import { runStage } from './stage-harness.ts';

const dayMs = 86_400_000;
const config = {
  instruments: [
    {
      device: 'nir-1',
      checks: [
        { check: 'white.level', mean: 1, sigma: 0.01 },
        { check: 'white.tilt', mean: 1, sigma: 0.01 },
      ],
    },
    {
      device: 'xrf-1',
      checks: [
        { check: 'xrf.energy', mean: 6.404, sigma: 0.004 },
        { check: 'counts.rate', least: 50_000 },
      ],
    },
  ],
};

/** Days before the end when the lamp is replaced, until when it has aged. */
const replacedDays = 2.4;

const spectrum = (
  device: string,
  ms: number,
  rest: Pick<SpectrumMessage, 'technique' | 'axis' | 'values' | 'attributes'>,
): SpectrumMessage => ({
  kind: 'spectrum',
  device,
  time: new Date(ms).toISOString(),
  quality: 'good',
  ...rest,
});

/**
 * What the instrument stage says of a week up to `end`: the lamp of a near-infrared spectrometer loses a tenth in four days and is replaced, the
 * gain of a fluorescence spectrometer wanders at one night; the rest is noise.
 */
export function instrumentWeek(end: string): MessageOf<'event'>[] {
  const stage = runStage(instrument, config);
  const noise = new Random(11);
  const endMs = Date.parse(end);
  const startMs = endMs - 7 * dayMs;
  const replacedMs = endMs - replacedDays * dayMs;
  let replaced = false;
  for (let ms = startMs; ms <= endMs; ms += 600_000) {
    if (ms >= replacedMs && !replaced) {
      replaced = true;
      stage.push({
        kind: 'declaration',
        id: 'W-1',
        time: new Date(ms).toISOString(),
        quality: 'good',
        goods: [],
        attributes: { instrument: { device: 'nir-1', what: 'lamp replaced', by: 'Li' } },
      });
    }
    const days = (ms - startMs) / dayMs;
    const aged = replaced ? 0 : Math.max(0, days - 0.6) * 0.025;
    const level = 1 - aged + 0.008 * noise.normal();
    const tilt = 0.5 * aged + 0.004 * noise.normal();
    const white = Array.from({ length: 120 }, (_, i) => level * (1 - tilt * (0.5 - i / 120)));
    stage.push(
      spectrum('nir-1', ms, {
        technique: 'nir',
        axis: { unit: 'nm', start: 1000, step: 12.5 },
        values: white,
        attributes: { reference: 'white' },
      }),
    );
    const night = Math.exp(-(((days - 5.5) / 0.15) ** 2));
    const keV = 6.404 + 0.003 * noise.normal() + 0.03 * night;
    const counts = 20_000 * (1 + 0.02 * noise.normal());
    stage.push(
      spectrum('xrf-1', ms, {
        technique: 'xrf',
        axis: { unit: 'keV', start: 0, step: 0.02 },
        values: Array.from(
          { length: 600 },
          (_, i) => 5 + counts * Math.exp(-(((i * 0.02 - keV) / 0.085) ** 2)),
        ),
        attributes: {},
      }),
    );
  }
  return stage.outputs.flatMap((output) =>
    'port' in output && output.port !== 'out' && output.message.kind === 'event' ? [output.message] : [],
  );
}
