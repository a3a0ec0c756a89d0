import { ownLayout, profile, reading } from './shape.ts';

export const moistureGauge = profile({
  id: 'moisture-gauge',
  summary: 'A microwave moisture gauge over a belt.',
  source: ownLayout,
  blocks: [
    {
      functionCode: 4,
      address: 0,
      count: 6,
      sequence: { at: 0, type: 'u16' },
      status: { at: 1, mask: 0b1, good: 0b1 },
      readings: [
        reading({ name: 'moisture', unit: '%', at: 2, type: 'f32', min: 0, max: 40, frozenAfter: 30 }),
        reading({ name: 'bedDepth', unit: 'mm', at: 4, type: 'u16', sentinels: [65_535] }),
        reading({ name: 'temperature', unit: 'Cel', at: 5, type: 'i16', scale: 0.1, sentinels: [-32_768] }),
      ],
    },
  ],
});
