import { ownLayout, profile, reading } from './shape.ts';

const share = (name: string, at: number) =>
  reading({ name, unit: '%', at, type: 'f32', min: 0, max: 100, frozenAfter: 10 });

export const oreAnalyser = profile({
  id: 'ore-analyser',
  summary: 'Results of an on-line analyser (XRF, NIR or PGNAA) over an ore belt.',
  source: ownLayout,
  blocks: [
    {
      functionCode: 3,
      address: 0,
      count: 18,
      sequence: { at: 0, type: 'u32' },
      status: { at: 2, mask: 0b1, good: 0b1 },
      readings: [
        share('Fe', 4),
        share('SiO2', 6),
        share('Al2O3', 8),
        share('P', 10),
        share('S', 12),
        share('Mn', 14),
        share('H2O', 16),
      ],
    },
  ],
});
