import type { Reader } from './positions.ts';
import { identity } from './report.ts';

/** Messages that are recognised and not taken apart: to whom, of what application, and the content as it is. */

const mmsi = (value: number) => (value === 0 ? undefined : String(value).padStart(9, '0'));

const binaryTo: Reader = (bits, head) => [
  identity(
    head,
    {},
    {
      to: mmsi(bits.u(40, 30)),
      areaCode: bits.u(72, 10),
      functionId: bits.u(82, 6),
      data: bits.hex(88, bits.length - 88),
    },
  ),
];

const binaryBroadcast: Reader = (bits, head) => [
  identity(
    head,
    {},
    { areaCode: bits.u(40, 10), functionId: bits.u(50, 6), data: bits.hex(56, bits.length - 56) },
  ),
];

const acknowledge: Reader = (bits, head) => {
  const to: string[] = [];
  for (let at = 40; at + 32 <= bits.length; at += 32) {
    const station = mmsi(bits.u(at, 30));
    if (station) to.push(station);
  }
  return [identity(head, {}, { acknowledges: to })];
};

const inquiry: Reader = (bits, head) => [identity(head, {}, { to: mmsi(bits.u(40, 30)) })];

const safetyTo: Reader = (bits, head) => [
  identity(head, {}, { to: mmsi(bits.u(40, 30)), safetyText: bits.text(72, bits.length - 72) }),
];

const safety: Reader = (bits, head) => [identity(head, {}, { safetyText: bits.text(40, bits.length - 40) })];

/** Link management, assignments, interrogations and binary messages of one slot: content as it is. */
const asItIs: Reader = (bits, head) => [identity(head, {}, { data: bits.hex(38, bits.length - 38) })];

export const otherReaders: Readonly<Record<number, Reader>> = {
  6: binaryTo,
  7: acknowledge,
  8: binaryBroadcast,
  10: inquiry,
  12: safetyTo,
  13: acknowledge,
  14: safety,
  15: asItIs,
  16: asItIs,
  20: asItIs,
  22: asItIs,
  23: asItIs,
  25: asItIs,
  26: asItIs,
};
