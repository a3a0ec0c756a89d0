import { ownLayout, profile, reading } from './shape.ts';

export const beltScale = profile({
  id: 'belt-scale',
  summary: 'A belt scale: rate, totaliser, speed of the belt and load.',
  source: ownLayout,
  blocks: [
    {
      functionCode: 4,
      address: 0,
      count: 10,
      sequence: { at: 0, type: 'u16' },
      // Bit 0: the values count. Bit 1: zero is being set.
      status: { at: 1, mask: 0b11, good: 0b01 },
      readings: [
        reading({
          name: 'massFlow',
          unit: 't/h',
          at: 2,
          type: 'f32',
          min: -50,
          max: 20_000,
          frozenAfter: 20,
        }),
        // A totaliser loses nothing while nobody reads it, which a rate does.
        reading({ name: 'massTotal', unit: 't', at: 4, type: 'u32', scale: 0.001, rollover: 2 ** 32 }),
        reading({ name: 'beltSpeed', unit: 'm/s', at: 6, type: 'f32', min: 0, max: 10 }),
        reading({ name: 'beltLoad', unit: 'kg/m', at: 8, type: 'f32', min: -50, max: 2000 }),
      ],
    },
  ],
});
