import { profile, reading } from './shape.ts';

export const bilanciaiDd700 = profile({
  id: 'bilanciai-dd700',
  summary: 'Weighing terminal DD700: gross and net weight.',
  source:
    'Bilanciai DD700, manual page 23 as easymanua.ls shows it: input registers 0-1 gross, 2-3 net (32-bit floats), 4 status, 8-9 division. Orders of words and bytes are settings of the terminal. Not tried on one.',
  blocks: [
    {
      functionCode: 4,
      address: 0,
      count: 10,
      readings: [
        reading({ name: 'grossWeight', unit: 'kg', at: 0, type: 'f32' }),
        reading({ name: 'netWeight', unit: 'kg', at: 2, type: 'f32' }),
        reading({ name: 'division', unit: 'kg', at: 8, type: 'f32' }),
      ],
    },
  ],
});
