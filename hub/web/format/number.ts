/** With thin groups of thousands: `12 345`. */
export const count = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009');

/** Bytes in decimal units: `4.2 MB`. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = n / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A rate: `0.2 /s`, `14 /s`. */
export const rate = (perSecond: number): string =>
  `${perSecond < 10 ? perSecond.toFixed(1) : count(perSecond)} /s`;

/** Degrees and decimal minutes as on a chart: `34° 45.012′ N`. */
export function latitude(degrees: number): string {
  return `${degreesMinutes(degrees, 2)} ${degrees < 0 ? 'S' : 'N'}`;
}

export function longitude(degrees: number): string {
  return `${degreesMinutes(degrees, 3)} ${degrees < 0 ? 'W' : 'E'}`;
}

function degreesMinutes(value: number, width: number): string {
  const thousandths = Math.round(Math.abs(value) * 60_000);
  const degrees = Math.floor(thousandths / 60_000);
  const minutes = ((thousandths % 60_000) / 1000).toFixed(3);
  return `${String(degrees).padStart(width, '0')}° ${minutes.padStart(6, '0')}′`;
}

/** `42 km/h`, `0 km/h` for what stands; knots for what floats. */
export const speed = (kph: number, vessel: boolean): string =>
  vessel ? `${tenths(kph / 1.852)} kn` : `${kph < 10 ? tenths(kph) : Math.round(kph)} km/h`;

const tenths = (value: number): string => (value < 0.05 ? '0' : value.toFixed(1));

/** A way: `340 m`, `1.7 km`, `124 km`. */
export const distance = (m: number): string =>
  m < 999.5 ? `${Math.round(m)} m` : `${(m / 1000).toFixed(m < 99_950 ? 1 : 0)} km`;

/** `087°`. */
export const course = (degrees: number): string => `${String(Math.round(degrees) % 360).padStart(3, '0')}°`;
