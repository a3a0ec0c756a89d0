/** Tenths of a millisecond that a latitude can hold: two and a half hours. */
const range = 90_000_000;
const tenths = () => Math.floor((performance.timeOrigin + performance.now()) * 10) % range;

/** The moment as a latitude, which a location report carries to a millionth of a degree. */
export const stamp = (): number => tenths() / 1e6;

/** Milliseconds since a stamp of a process of the same machine. */
export function sinceMs(lat: number): number {
  const passed = tenths() - Math.round(lat * 1e6);
  return (passed < -range / 2 ? passed + range : passed) / 10;
}
