import { expect, test } from 'vitest';
import { PictureRing } from '#drivers/picture-ring';
import { PlainScans } from '#drivers/transport/plain-scans';
import type { FrameMessage } from '#flows/scan';
import { Frames } from './frames.ts';

test('a picture comes out of the ring in the order of scans, and a strip out of its scan', async () => {
  const ring = new PictureRing(100);
  const frames = new Frames(new PlainScans(), ring);
  const frame: FrameMessage = {
    kind: 'frame',
    quality: 'good',
    attributes: {},
    view: 'visible',
    width: 2,
    height: 2,
    planes: ['red', 'green', 'blue'],
    bits: 8,
    data: ring.put(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])),
  };
  const { samples } = await frames.read(frame);
  expect([...samples]).toEqual([1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12]);
  const wide: FrameMessage = { ...frame, width: 2, height: 1, planes: ['grey'], bits: 16 };
  const deep = { ...wide, data: ring.put(Uint8Array.from([1, 2, 3, 4])) };
  expect([...(await frames.read(deep)).samples]).toEqual([0x102, 0x304]);
  await expect(frames.read({ ...frame, width: 3 })).rejects.toThrow(/picture\/0/);
  const strip = { ...frame, data: { ...frame.data, file: 'scan.u16' } };
  await expect(frames.read(strip)).rejects.toThrow(/scan\.u16/);
});
