/** Terminals of JT/T 808 tell the time of GMT+8, wherever they are. */
const offsetMs = 8 * 3_600_000;

const two = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
/** Values of binary-coded decimals; undefined for what is none. */
const decimal = Array.from({ length: 256 }, (_, byte) =>
  byte >> 4 < 10 && (byte & 15) < 10 ? (byte >> 4) * 10 + (byte & 15) : -1,
);

/**
 * Reads BCD[6] YYMMDDhhmmss. The reader keeps the hour that it saw last, since fixes come in order: a
 * date is worked out once an hour, and the text of a second once as long as it lasts. Undefined for what is no time.
 */
export function timeReader(): (bytes: Uint8Array, at: number) => string | undefined {
  let lastHour = -1;
  let prefix = '';
  let lastSecond = -1;
  let text = '';
  return (bytes, at) => {
    const year = decimal[bytes[at] as number] as number;
    const month = decimal[bytes[at + 1] as number] as number;
    const day = decimal[bytes[at + 2] as number] as number;
    const hour = decimal[bytes[at + 3] as number] as number;
    const minute = decimal[bytes[at + 4] as number] as number;
    const second = decimal[bytes[at + 5] as number] as number;
    if (year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
      return undefined;
    const key = ((year * 16 + month) * 32 + day) * 32 + hour;
    if (key !== lastHour) {
      if (month < 1 || month > 12 || day < 1) return undefined;
      const local = Date.UTC(2000 + year, month - 1, day, hour);
      if (new Date(local).getUTCDate() !== day) return undefined; // the 31st of a month that has 30
      prefix = new Date(local - offsetMs).toISOString().slice(0, 14);
      lastHour = key;
      lastSecond = -1;
    }
    if (minute * 60 + second !== lastSecond) {
      lastSecond = minute * 60 + second;
      text = `${prefix}${two[minute]}:${two[second]}Z`;
    }
    return text;
  };
}

/** The time as a terminal writes it. */
export function writeTime(ms: number): Uint8Array {
  const digits = new Date(ms + offsetMs).toISOString().replace(/\D/g, '').slice(2, 14);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
