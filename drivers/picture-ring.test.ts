import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FrameMessage } from '#flows/scan';
import { PictureRing } from './picture-ring.ts';

test('the ring gives what was put for as long as it holds it, and never another', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }), (sizes) => {
      const ring = new PictureRing(100);
      const frames = sizes.map(
        (width, i): FrameMessage => ({
          kind: 'frame',
          quality: 'good',
          attributes: {},
          view: 'visible',
          width,
          height: 1,
          planes: ['grey'],
          bits: 8,
          data: ring.put(new Uint8Array(width).fill(i)),
        }),
      );
      let held = 0;
      for (const [i, frame] of frames.entries()) {
        try {
          expect([...ring.read(frame).samples]).toEqual(Array(frame.width).fill(i));
          held++;
        } catch (error) {
          expect(error).toMatchObject({ problem: { code: 'picture.missing' } });
        }
      }
      expect(held).toBeGreaterThanOrEqual(Math.min(sizes.length, 1));
    }),
  );
});
