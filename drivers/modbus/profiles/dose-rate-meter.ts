import { ownLayout, profile, reading } from './shape.ts';

export const doseRateMeter = profile({
  id: 'dose-rate-meter',
  summary: 'A gamma dose-rate meter: dose rate, counts, and its own health.',
  source: ownLayout,
  blocks: [
    {
      functionCode: 4,
      address: 0,
      count: 7,
      sequence: { at: 0, type: 'u16' },
      // Bit 0: detector ok. Bit 1: high voltage ok.
      status: { at: 1, mask: 0b11, good: 0b11 },
      readings: [
        // No place on Earth has none: 0 is a dead tube.
        reading({
          name: 'doseRate',
          unit: 'uSv/h',
          at: 2,
          type: 'f32',
          min: 0.005,
          max: 10_000,
          frozenAfter: 10,
        }),
        reading({ name: 'countRate', unit: '/s', at: 4, type: 'f32', min: 0 }),
        reading({ name: 'temperature', unit: 'Cel', at: 6, type: 'i16', scale: 0.1, sentinels: [-32_768] }),
      ],
    },
  ],
});
