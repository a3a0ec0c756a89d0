import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import { calendarMs, isoText } from '../moment.ts';
import { navigationStatus, positioningDevice } from './names.ts';
import { type Head, identity, kph, located, place } from './report.ts';
import type { Bits } from './six-bits.ts';

/** Reads one message whose length is right for its type: what it says, or why it cannot be. */
export type Reader = (bits: Bits, head: Head) => readonly (Message | Problem)[];

/** Tenths of a knot; 1023 says nothing, 1022 is 102.2 or more. */
export const speed = (raw: number) => (raw >= 1023 ? undefined : kph(raw / 10));
/** Tenths of a degree; 3600 says nothing, and more cannot be. */
export const course = (raw: number) => (raw >= 3600 ? undefined : raw / 10);
/** Degrees; 511 says nothing. */
export const heading = (raw: number) => (raw >= 360 ? undefined : raw);
/** Only where it is so: most reports say no. */
export const only = (flag: boolean) => flag || undefined;

/** Turning by its sensor in degrees a minute, to the right positive; ±127 says only which way, -128 nothing. */
const rateOfTurn = (raw: number) => Math.round(Math.sign(raw) * (raw / 4.733) ** 2 * 10) / 10;
const turning = (raw: number) => (raw === 127 ? 'right' : raw === -127 ? 'left' : undefined);

/** Nine of ten reports in a port: what it says is put down field by field, which costs a third. */
const classA: Reader = (bits, head) => {
  const { attributes } = head;
  const status = navigationStatus[bits.u(38, 4)];
  if (status !== undefined) attributes.navigationStatus = status;
  const turn = bits.s(42, 8);
  const turned = turning(turn);
  if (turned !== undefined) attributes.turning = turned;
  else if (turn !== -128) attributes.rateOfTurnDegPerMin = rateOfTurn(turn);
  const headed = heading(bits.u(128, 9));
  if (headed !== undefined) attributes.headingDeg = headed;
  if (bits.flag(60)) attributes.accurate = true;
  if (bits.u(143, 2) === 2) attributes.specialManoeuvre = true;
  if (bits.flag(148)) attributes.raim = true;
  return [
    located(bits, head, {
      at: 61,
      speedKph: speed(bits.u(50, 10)),
      courseDeg: course(bits.u(116, 12)),
      second: bits.u(137, 6),
      begun: attributes,
    }),
  ];
};

/** Date and time of a station; undefined where any of it is not known or cannot be. */
function moment(bits: Bits): string | undefined {
  const [year, month, day] = [bits.u(38, 14), bits.u(52, 4), bits.u(56, 5)];
  const [hour, minute, second] = [bits.u(61, 5), bits.u(66, 6), bits.u(72, 6)];
  return year < 100 ? undefined : isoText(calendarMs([year, month, day], [hour, minute, second]));
}

const station: Reader = (bits, head) => [
  located(bits, head, {
    at: 79,
    time: moment(bits),
    attributes: {
      ...(head.type === 4 ? { baseStation: true } : {}),
      positioningDevice: positioningDevice[bits.u(134, 4)],
      accurate: only(bits.flag(78)),
      raim: only(bits.flag(148)),
    },
  }),
];

const aircraft: Reader = (bits, head) => {
  const altitude = bits.u(38, 12);
  const knots = bits.u(50, 10);
  return [
    located(bits, head, {
      at: 61,
      speedKph: knots === 1023 ? undefined : kph(knots),
      courseDeg: course(bits.u(116, 12)),
      altitudeM: altitude === 4095 ? undefined : altitude,
      second: bits.u(128, 6),
      attributes: {
        accurate: only(bits.flag(60)),
        barometricAltitude: only(bits.flag(134)),
        raim: only(bits.flag(147)),
      },
    }),
  ];
};

/** What class B reports begin with, 18 and 19 alike. */
export const classB: Reader = (bits, head) => [
  located(bits, head, {
    at: 57,
    speedKph: speed(bits.u(46, 10)),
    courseDeg: course(bits.u(112, 12)),
    second: bits.u(133, 6),
    attributes: {
      class: 'B',
      headingDeg: heading(bits.u(124, 9)),
      accurate: only(bits.flag(56)),
      raim: only(bits.flag(head.type === 18 ? 147 : 305)),
    },
  }),
];

/** Far away: coordinates in tenths of a minute, speed in knots (63 none), course in degrees (511 none). */
const longRange: Reader = (bits, head) => {
  const knots = bits.u(79, 6);
  return [
    located(bits, head, {
      at: 44,
      size: [18, 17],
      scale: 600,
      speedKph: knots === 63 ? undefined : kph(knots),
      courseDeg: heading(bits.u(85, 9)),
      attributes: {
        navigationStatus: navigationStatus[bits.u(40, 4)],
        accurate: only(bits.flag(38)),
        raim: only(bits.flag(39)),
        // 0: no older than five seconds.
        delayed: only(bits.flag(94)),
      },
    }),
  ];
};

/** Where a station that broadcasts corrections stands, tenths of a minute; the corrections are not read. */
const corrections: Reader = (bits, head) => {
  const found = place(bits, 40, [18, 17], 600);
  if (found && 'code' in found) return [found];
  return [identity(head, {}, { ...found, correctionBits: bits.length - 80 })];
};

export const positionReaders: Readonly<Record<number, Reader>> = {
  1: classA,
  2: classA,
  3: classA,
  4: station,
  9: aircraft,
  11: station,
  17: corrections,
  18: classB,
  27: longRange,
};
