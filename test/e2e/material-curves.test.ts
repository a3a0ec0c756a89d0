import { describe, expect, test } from 'vitest';
import { Beam } from '#models/physics/xray/beam';
import { materials } from '#models/physics/xray/materials';
import { beams, depths } from '../../hub/web/scans/generated/curves.ts';

/** What the page knows of beams is what the physics says: `node scripts/xray/curves.mjs` writes it anew. */
describe('the curves of the material view', () => {
  test.each(beams)('are those of the simulated beam, $highMv/$lowMv MV', ({ highMv, lowMv, ...curves }) => {
    const beam = new Beam(highMv, lowMv);
    const classes = { organic: 'water', inorganic: 'aluminium', metal: 'iron', heavy: 'lead' } as const;
    for (const [name, id] of Object.entries(classes) as [keyof typeof classes, keyof typeof materials][])
      for (const i of [0, 5, 11, 16, depths.length - 1]) {
        const { high, low } = beam.exact(materials[id].composition, curves[name].gCm2[i] ?? 0);
        expect(-Math.log(high)).toBeCloseTo(depths[i] ?? 0, 3);
        expect(Math.log(low) / Math.log(high)).toBeCloseTo(curves[name].ratio[i] ?? 0, 3);
      }
  });
});
