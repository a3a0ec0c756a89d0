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

/** Square of the metres from a point to an edge from a to b, planar around the point, of which `scale` is the scale. */
export function squaredDistanceM(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  x: number,
  y: number,
  scale: { readonly lon: number; readonly lat: number },
): number {
  const fromX = (ax - x) * scale.lon;
  const fromY = (ay - y) * scale.lat;
  const dx = (bx - x) * scale.lon - fromX;
  const dy = (by - y) * scale.lat - fromY;
  const along = Math.max(0, Math.min(1, -(fromX * dx + fromY * dy) / (dx * dx + dy * dy)));
  const px = fromX + along * dx;
  const py = fromY + along * dy;
  return px * px + py * py;
}
