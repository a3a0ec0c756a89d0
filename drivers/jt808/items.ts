import { digestOf } from '../digest.ts';
import { bcd, u16, u32 } from './header.ts';

type Attributes = Record<string, unknown>;
type Read = (bytes: Uint8Array, at: number, length: number, into: Attributes) => void;

const hex = (bytes: Uint8Array, at: number, length: number) =>
  Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('hex');

const areaTypes = ['none', 'circle', 'rectangle', 'polygon', 'segment'];
const areaOf = (type: number) => areaTypes[type] ?? `${type}`;

/** One standard item, of the lengths that it may have. */
interface Item {
  readonly lengths: readonly number[];
  readonly read: Read;
}
const item = (lengths: number | readonly number[], read: Read): Item => ({
  lengths: typeof lengths === 'number' ? [lengths] : lengths,
  read,
});
const word = (name: string, scale = 1) =>
  item(2, (bytes, at, _length, into) => {
    into[name] = scale === 1 ? u16(bytes, at) : Math.round((u16(bytes, at) / scale) * 1000) / 1000;
  });
const double = (name: string, scale = 1) =>
  item(4, (bytes, at, _length, into) => {
    into[name] = scale === 1 ? u32(bytes, at) : Math.round((u32(bytes, at) / scale) * 1000) / 1000;
  });

/**
 * Standard items of a location report by id: 2013 and 2019, with the video alarms of JT/T 1078. Of
 * what a lock says, nothing that opens one is passed on: passwords are left out, cards are digests.
 */
const standard: Readonly<Record<number, Item>> = {
  1: double('odometerKm', 10),
  2: word('fuelL', 10),
  3: word('recorderSpeedKph', 10),
  4: word('alarmEventId'),
  5: item([30], (bytes, at, length, into) => {
    into.tyrePressures = [...bytes.subarray(at, at + length)].map((value) => (value === 0xff ? null : value));
  }),
  6: item(2, (bytes, at, _length, into) => {
    into.temperatureC = (u16(bytes, at) << 16) >> 16;
  }),
  17: item([1, 5], (bytes, at, length, into) => {
    into.overspeedArea = {
      type: areaOf(bytes[at] as number),
      ...(length === 5 ? { id: u32(bytes, at + 1) } : {}),
    };
  }),
  18: item(6, (bytes, at, _length, into) => {
    const direction = bytes[at + 5] === 0 ? 'enter' : 'exit';
    into.areaEvent = { type: areaOf(bytes[at] as number), id: u32(bytes, at + 1), direction };
  }),
  19: item(7, (bytes, at, _length, into) => {
    const result = bytes[at + 6] === 0 ? 'tooShort' : 'tooLong';
    into.segmentTime = { id: u32(bytes, at), seconds: u16(bytes, at + 4), result };
  }),
  20: double('videoAlarms'),
  21: double('videoLoss'),
  22: double('videoBlocked'),
  23: word('storageFault'),
  24: word('abnormalDriving'),
  37: double('extendedSignals'),
  42: word('ioStatus'),
  43: item(4, (bytes, at, _length, into) => {
    into.analogue = [u16(bytes, at + 2), u16(bytes, at)];
  }),
  48: item(1, (bytes, at, _length, into) => {
    into.rssi = bytes[at];
  }),
};

/** Items of locks, after what decoders in the field make of them (Traccar's huabao): never as bytes. */
const locks: Readonly<Record<number, Read>> = {
  11(bytes, at, length, into) {
    if (length < 1) return;
    into.lockCommand = bytes[at];
    if (length >= 5) into.lockCredential = digestOf(bytes.subarray(at + 1, at + length));
  },
  96(bytes, at, length, into) {
    if (length < 2) return;
    into.lockEvent = u16(bytes, at);
    if (length >= 16 && u16(bytes, at) >= 0x61 && u16(bytes, at) <= 0x66) {
      into.lock = bcd(bytes, at + 2, 6);
      into.lockCredential = digestOf(bytes.subarray(at + 8, at + 16));
    }
  },
  103(_bytes, _at, _length, into) {
    into.lockPassword = 'withheld';
  },
};

/** A lock that reports by way of the terminal. */
export interface SubLock {
  readonly device: string;
  readonly state: 'locked' | 'unlocked';
  readonly batteryV?: number;
  readonly batteryPct?: number;
  readonly attributes: Attributes;
}

function subLocks(id: number, bytes: Uint8Array, at: number, length: number): SubLock[] {
  const found: SubLock[] = [];
  if (id === 0x63)
    for (let p = at; p + 11 <= at + length; p += 11)
      found.push({
        device: bcd(bytes, p, 6),
        state: bytes[p + 8] === 0x31 ? 'locked' : 'unlocked',
        batteryV: u16(bytes, p + 6) / 1000,
        attributes: { physical: bytes[p + 9], rssi: bytes[p + 10] },
      });
  else
    for (let p = at; p + 13 <= at + length; p += 13)
      found.push({
        device: bcd(bytes, p, 5),
        state: (u16(bytes, p + 11) >> 5) & 1 ? 'unlocked' : 'locked',
        batteryPct: bytes[p + 10] as number,
        attributes: { lockCredential: digestOf(bytes.subarray(p + 5, p + 10)), status: u16(bytes, p + 11) },
      });
  return found;
}

/** What the items of one report say beside the attributes. */
export interface Items {
  satellites?: number;
  readonly locks: SubLock[];
}

export const newItems = (): Items => ({ locks: [] });

/** A text in which a lock speaks: `*M00…`, or `(…,ELOCK,…)` with a password in it. */
const speaksOfLocks = (bytes: Uint8Array, at: number, length: number) =>
  /ELOCK|\*M\d\d/.test(Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('latin1'));

/**
 * Reads id, length, value from `at` to the end, into `into`. Unknown ones, which are the vendors' own, are
 * kept as hexadecimal under `items`; a list that breaks off is said (`itemsBroken`) and spoils nothing before.
 */
export function readItems(bytes: Uint8Array, from: number, to: number, into: Attributes, found: Items): void {
  let at = from;
  while (at + 2 <= to) {
    const id = bytes[at] as number;
    const length = bytes[at + 1] as number;
    at += 2;
    if (at + length > to) break;
    if (id === 0x31 && length === 1) found.satellites = bytes[at] as number;
    else {
      const known = standard[id];
      if (known?.lengths.includes(length)) known.read(bytes, at, length, into);
      else if (locks[id]) locks[id](bytes, at, length, into);
      else if (id === 0x63 || id === 0xd5) found.locks.push(...subLocks(id, bytes, at, length));
      else if (!speaksOfLocks(bytes, at, length)) {
        into.items ??= {};
        (into.items as Record<string, string>)[id.toString(16).padStart(2, '0')] = hex(bytes, at, length);
      }
    }
    at += length;
  }
  if (at !== to) into.itemsBroken = true;
}
