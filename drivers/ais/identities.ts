import { positioningDevice } from './names.ts';
import { classB, only, type Reader } from './positions.ts';
import { identity, located, said } from './report.ts';
import type { Bits } from './six-bits.ts';

/** Distances from the antenna to bow, stern, port and starboard, metres; zeros say nothing. */
function dimensions(bits: Bits, at: number): Record<string, number> | undefined {
  const [bow, stern] = [bits.u(at, 9), bits.u(at + 9, 9)];
  const [port, starboard] = [bits.u(at + 18, 6), bits.u(at + 24, 6)];
  if (bow + stern + port + starboard === 0) return undefined;
  return {
    ...(bow + stern > 0 ? { lengthM: bow + stern } : {}),
    ...(port + starboard > 0 ? { beamM: port + starboard } : {}),
    // With a bow or port of 0 the antenna's place is not known, only the size.
    ...(bow > 0 && stern > 0 ? { toBowM: bow, toSternM: stern } : {}),
    ...(port > 0 && starboard > 0 ? { toPortM: port, toStarboardM: starboard } : {}),
  };
}

const none = (value: number) => (value === 0 ? undefined : value);

/** `MM-DDThh:mm` in UTC, of which the parts that are not known are `--`; there is no year. */
function arrival(bits: Bits, at: number): string | undefined {
  const [month, day, hour, minute] = [
    bits.u(at, 4),
    bits.u(at + 4, 5),
    bits.u(at + 9, 5),
    bits.u(at + 14, 6),
  ];
  const two = (value: number, isKnown: boolean) => (isKnown ? String(value).padStart(2, '0') : '--');
  const text = `${two(month, month > 0 && month < 13)}-${two(day, day > 0)}T${two(hour, hour < 24)}:${two(minute, minute < 60)}`;
  return /\d/.test(text) ? text : undefined;
}

const voyage: Reader = (bits, head) => {
  const draught = none(bits.u(294, 8));
  const size = dimensions(bits, 240);
  return [
    identity(
      head,
      said({
        name: bits.text(112, 120),
        callsign: bits.text(70, 42),
        type: none(bits.u(232, 8)),
        dimensions: size || draught ? { ...size, ...(draught ? { draughtM: draught / 10 } : {}) } : undefined,
        destination: bits.text(302, 120),
      }),
      {
        imo: none(bits.u(40, 30)),
        eta: arrival(bits, 274),
        positioningDevice: positioningDevice[bits.u(270, 4)],
        aisVersion: none(bits.u(38, 2)),
      },
    ),
  ];
};

const extendedB: Reader = (bits, head) => [
  ...classB(bits, head),
  identity(
    head,
    said({ name: bits.text(143, 120), type: none(bits.u(263, 8)), dimensions: dimensions(bits, 271) }),
    { class: 'B', positioningDevice: positioningDevice[bits.u(301, 4)] },
  ),
];

const staticB: Reader = (bits, head) => {
  const part = bits.u(38, 2);
  if (part === 0) return [identity(head, said({ name: bits.text(40, 120) }), { class: 'B', part: 'A' })];
  // A craft that belongs to a ship says whose it is where others say their size.
  const parent =
    head.attributes.mmsiClass === 'craftOfParent' ? String(bits.u(132, 30)).padStart(9, '0') : undefined;
  const vendor = [bits.text(48, 18), bits.u(66, 4), bits.u(70, 20)];
  return [
    identity(
      head,
      said({
        type: none(bits.u(40, 8)),
        callsign: bits.text(90, 42),
        dimensions: parent ? undefined : dimensions(bits, 132),
      }),
      {
        class: 'B',
        part: 'B',
        vendor: vendor[0],
        unitModel: vendor[0] ? vendor[1] : undefined,
        serialNumber: vendor[0] ? vendor[2] : undefined,
        parent,
      },
    ),
  ];
};

const aid: Reader = (bits, head) => {
  const more = bits.length > 272 ? (bits.text(272, Math.floor((bits.length - 272) / 6) * 6) ?? '') : '';
  const name = `${bits.text(43, 120) ?? ''}${more}`;
  const virtual = only(bits.flag(269));
  return [
    located(bits, head, {
      at: 164,
      second: bits.u(253, 6),
      attributes: {
        virtual,
        positioningDevice: positioningDevice[bits.u(249, 4)],
        // Says something only of a floating aid whose position is being fixed.
        offPosition: bits.u(253, 6) < 60 ? only(bits.flag(259)) : undefined,
        accurate: only(bits.flag(163)),
        raim: only(bits.flag(268)),
      },
    }),
    identity(
      head,
      said({ name: name || undefined, type: none(bits.u(38, 5)), dimensions: dimensions(bits, 219) }),
      { aidToNavigation: true, virtual, assigned: only(bits.flag(270)) },
    ),
  ];
};

export const identityReaders: Readonly<Record<number, Reader>> = {
  5: voyage,
  19: extendedB,
  21: aid,
  24: staticB,
};
