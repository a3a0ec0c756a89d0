import { ownLayout, profile, reading } from './shape.ts';

export const barrier = profile({
  id: 'barrier',
  summary: 'A gate barrier: its two end switches, and a coil that is on to open and off to close.',
  source: ownLayout,
  blocks: [
    {
      functionCode: 2,
      address: 0,
      count: 2,
      readings: [
        reading({ name: 'barrierOpen', unit: '1', at: 0, type: 'bit' }),
        reading({ name: 'barrierClosed', unit: '1', at: 1, type: 'bit' }),
      ],
    },
  ],
  writes: [
    { action: 'open', coil: 0, on: true },
    { action: 'close', coil: 0, on: false },
  ],
});
