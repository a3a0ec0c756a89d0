import type { RoadNetwork } from './network.ts';

/** A number that differs when the pieces of a network do: FNV-1a over their places and ways. */
export function signatureOf({ pieces }: RoadNetwork): number {
  let hash = 0x811c9dc5;
  const add = (word: number) => {
    hash = Math.imul(hash ^ word, 0x01000193) >>> 0;
  };
  for (const { points, oneway, road } of pieces) {
    add(road);
    add(oneway);
    for (const word of new Uint32Array(points.buffer, points.byteOffset, 2 * points.length)) add(word);
  }
  return hash;
}
