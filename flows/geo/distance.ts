import type { Fence } from './fences.ts';

const radians = Math.PI / 180;
/** WGS 84: semi-major axis in metres, first eccentricity squared. */
const semiMajorM = 6_378_137;
const eccentricity2 = 0.006_694_379_990_14;

/** Metres in a degree of longitude and of latitude, at a latitude in degrees. */
export function metresPerDegree(lat: number): { readonly lon: number; readonly lat: number } {
  const sin = Math.sin(lat * radians);
  const w2 = 1 - eccentricity2 * sin * sin;
  const w = Math.sqrt(w2);
  return {
    lon: (radians * semiMajorM * Math.cos(lat * radians)) / w,
    lat: (radians * semiMajorM * (1 - eccentricity2)) / (w2 * w),
  };
}

/**
 * Metres from a point to the nearest edge of a fence, whichever side it is on: planar around the point,
 * better than a thousandth within 100 km. The wrap of longitude at 180° is not looked across.
 */
export function distanceToEdgeM(fence: Fence, x: number, y: number): number {
  const scale = metresPerDegree(y);
  let nearest = Infinity;
  for (const { edges } of fence.parts) {
    for (let i = 0; i < edges.length; i += 4) {
      const ax = ((edges[i] as number) - x) * scale.lon;
      const ay = ((edges[i + 1] as number) - y) * scale.lat;
      const dx = ((edges[i + 2] as number) - x) * scale.lon - ax;
      const dy = ((edges[i + 3] as number) - y) * scale.lat - ay;
      const along = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy)));
      const px = ax + along * dx;
      const py = ay + along * dy;
      nearest = Math.min(nearest, px * px + py * py);
    }
  }
  return Math.sqrt(nearest);
}
