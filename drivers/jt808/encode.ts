import type { Message, Position } from '#flows/message';
import { packetTo } from './reply.ts';
import { writeTime } from './time.ts';

/** How a simulated terminal writes its header. */
export interface TerminalLayout {
  readonly phone: string;
  readonly is2019: boolean;
}

const word = (value: number) => [(value >> 8) & 0xff, value & 0xff];
const double = (value: number) => [...word(value >>> 16), ...word(value & 0xffff)];

/** A packet of the terminal: the layout is the same both ways. */
export const packetFrom = (layout: TerminalLayout, id: number, serial: number, body: readonly number[]) =>
  packetTo({ ...layout, protocolVersion: 1 }, id, serial, body);

/** The body of a location report. */
export function locationBody(position: Position): number[] {
  const status = (position.fix ? 2 : 0) | (position.lat < 0 ? 4 : 0) | (position.lon < 0 ? 8 : 0);
  const time = Date.parse(position.time ?? '');
  return [
    ...double(0),
    ...double(status),
    ...double(Math.round(Math.abs(position.lat) * 1e6)),
    ...double(Math.round(Math.abs(position.lon) * 1e6)),
    ...word(Math.round(position.altitudeM ?? 0) & 0xffff),
    ...word(Math.round((position.speedKph ?? 0) * 10)),
    ...word(Math.round(position.courseDeg ?? 0)),
    ...writeTime(Number.isNaN(time) ? 0 : time),
    ...(position.satellites === undefined ? [] : [0x31, 1, position.satellites]),
  ];
}

/** A registration as the layout of the terminal has it. */
export function registerBody(layout: TerminalLayout, plate: string): number[] {
  const padded = (text: string, length: number) => [
    ...Buffer.from(text.padEnd(length, '\0').slice(0, length), 'latin1'),
  ];
  const [maker, model, id] = layout.is2019 ? [11, 30, 30] : [5, 20, 7];
  return [
    ...word(31),
    ...word(115),
    ...padded('QWSIM', maker as number),
    ...padded('SIMULATED', model as number),
    ...padded(layout.phone.slice(-7), id as number),
    1,
    ...Buffer.from(plate, 'latin1'),
  ];
}

/** Twelve or twenty digits for a device that is not named by digits. */
export function phoneOf(message: Message, is2019: boolean): string {
  const device = message.device ?? 'simulated';
  const length = is2019 ? 20 : 12;
  if (/^\d+$/.test(device)) return device.padStart(length, '0').slice(-length);
  let hash = 7n;
  for (const char of device) hash = (hash * 31n + BigInt(char.codePointAt(0) ?? 0)) % 10n ** 11n;
  return `${hash}`.padStart(length, '0');
}
