import type { Position, Seal } from '#flows/message';

/** Ten digits of a lock for a device that is not named by them: always the same, and of the long form. */
export function lockIdOf(device: string | undefined): string {
  const name = device ?? 'simulated';
  if (/^[789]\d{9}$/.test(name)) return name;
  let hash = 7;
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 1_000_000_000;
  return `7${hash.toString().padStart(9, '0')}`;
}

const two = (value: number) => String(value).padStart(2, '0');

/** Degrees as degrees, minutes and ten-thousandths of a minute. */
function minutesOf(value: number, digits: number): string {
  const tenThousandths = Math.round(Math.abs(value) * 600_000);
  const whole = Math.floor(tenThousandths / 600_000);
  return `${whole}${String(tenThousandths % 600_000).padStart(6, '0')}`.padStart(digits, '0');
}

/** Bits of the status word for a state: inserted, locked, cap closed, and what spoils it. */
const words: Readonly<Record<Seal['state'], number>> = {
  locked: 0x20c0,
  unlocked: 0x2000,
  cut: 0x2088,
  tampered: 0x10c0,
  fault: 0x60c0,
};
const confirmBit = 0x20;

/** A report of a lock with protocol version 0x19; `confirm`: it will be sent again until it is confirmed. */
export function lockFrame(
  id: string,
  position: Position,
  seal: { readonly state: Seal['state']; readonly batteryPct: number },
  index: number,
  confirm: boolean,
): Uint8Array {
  const time = new Date(Date.parse(position.time ?? '') || 0);
  const date = [time.getUTCDate(), time.getUTCMonth() + 1, time.getUTCFullYear() % 100];
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()];
  const flags = (position.fix ? 1 : 0) | (position.lat >= 0 ? 2 : 0) | (position.lon >= 0 ? 4 : 0) | 8;
  const speedKnots = Math.min(99, Math.round((position.speedKph ?? 0) / 1.852));
  const place = [
    ...[...date, ...clock].map(two),
    minutesOf(position.lat, 8),
    minutesOf(position.lon, 9),
    flags.toString(16),
    two(speedKnots),
  ].join('');
  const body = Buffer.alloc(35);
  Buffer.from(place, 'hex').copy(body);
  body[16] = Math.round((position.courseDeg ?? 0) / 2) & 0xff;
  body[21] = position.satellites ?? 9;
  body.writeUInt16BE((words[seal.state] ?? 0) | (confirm ? confirmBit : 0), 26);
  body[28] = seal.batteryPct;
  body[34] = index;
  return Buffer.concat([Buffer.from(`24${id}1911${body.length.toString(16).padStart(4, '0')}`, 'hex'), body]);
}
