import { ownLayout, profile, reading } from './shape.ts';

export const sampler = profile({
  id: 'sampler',
  summary:
    'A cross-belt sampler: a coil that makes it take an increment, whether it rests, and how many it has taken.',
  source: ownLayout,
  blocks: [
    {
      functionCode: 2,
      address: 0,
      count: 1,
      readings: [reading({ name: 'samplerReady', unit: '1', at: 0, type: 'bit' })],
    },
    {
      functionCode: 4,
      address: 0,
      count: 1,
      readings: [reading({ name: 'samplesTaken', unit: '1', at: 0, type: 'u16' })],
    },
  ],
  writes: [{ action: 'take', coil: 0, on: true }],
});
