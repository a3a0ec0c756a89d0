import type { MessageOf, Position } from '#flows/message';
import { checksum } from '../nmea/sentence.ts';

/** Writes fields of bits, and them as payload characters. */
class BitWriter {
  readonly #bits: number[] = [];

  put(value: number, length: number): this {
    let whole = value < 0 ? value + 2 ** length : value;
    const bits: number[] = [];
    for (let i = 0; i < length; i++) {
      bits.push(whole % 2);
      whole = Math.floor(whole / 2);
    }
    this.#bits.push(...bits.reverse());
    return this;
  }

  text(text: string | undefined, characters: number): this {
    const padded = (text ?? '').toUpperCase().padEnd(characters, '@').slice(0, characters);
    for (const char of padded) {
      const code = char.charCodeAt(0);
      this.put(code >= 64 && code < 96 ? code - 64 : code >= 32 && code < 64 ? code : 63, 6);
    }
    return this;
  }

  /** Payload and fill bits. */
  payload(): { readonly text: string; readonly fill: number } {
    const fill = (6 - (this.#bits.length % 6)) % 6;
    const bits = [...this.#bits, ...Array.from({ length: fill }, () => 0)];
    let text = '';
    for (let at = 0; at < bits.length; at += 6) {
      const value = bits.slice(at, at + 6).reduce((sum, bit) => sum * 2 + bit, 0);
      text += String.fromCharCode(value < 40 ? value + 48 : value + 56);
    }
    return { text, fill };
  }
}

const hex = (value: number) => value.toString(16).toUpperCase().padStart(2, '0');
const sentence = (body: string) => `!${body}*${hex(checksum(`!${body}`))}\r\n`;

/** Most payload characters of one sentence: 82 with all around them. */
const maxCharacters = 60;

/** The sentences of one message; `sequence` (0 to 9) joins them where there are several. */
export function sentencesOf(
  { text, fill }: { readonly text: string; readonly fill: number },
  sequence: number,
  channel = 'A',
): string[] {
  const pieces = text.match(new RegExp(`.{1,${maxCharacters}}`, 'g')) ?? [];
  const number = pieces.length > 1 ? String(sequence % 10) : '';
  return pieces.map((piece, i) => {
    const last = i === pieces.length - 1;
    return sentence(`AIVDM,${pieces.length},${i + 1},${number},${channel},${piece},${last ? fill : 0}`);
  });
}

/** Nine digits for a device that is not named by nine digits. */
export function mmsiOf(device: string | undefined): string {
  if (device !== undefined && /^\d{9}$/.test(device)) return device;
  let hash = 7;
  for (const char of device ?? 'simulated') hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 1_000_000;
  return `244${String(hash).padStart(6, '0')}`;
}

/** A position report of class A; `available: false` says that there is no position, speed or course. */
export function reportOf(position: Position, available = true) {
  const { lon, lat, speedKph, courseDeg } = position;
  const time = position.time === undefined ? undefined : new Date(position.time);
  const second = time === undefined || !position.fix ? 60 : time.getUTCSeconds();
  const knots =
    speedKph === undefined || !available ? 1023 : Math.min(1022, Math.round((speedKph / 1.852) * 10));
  const course = courseDeg === undefined || !available ? 3600 : Math.round((courseDeg % 360) * 10) % 3600;
  return new BitWriter()
    .put(1, 6)
    .put(0, 2)
    .put(Number(mmsiOf(position.device)), 30)
    .put(0, 4)
    .put(-128, 8)
    .put(knots, 10)
    .put(0, 1)
    .put(available ? Math.round(lon * 600_000) : 181 * 600_000, 28)
    .put(available ? Math.round(lat * 600_000) : 91 * 600_000, 27)
    .put(course, 12)
    .put(511, 9)
    .put(second, 6)
    .put(0, 2 + 3 + 1 + 19)
    .payload();
}

/** Static and voyage data of class A. */
export function voyageOf(identity: MessageOf<'identity'>) {
  const { dimensions } = identity;
  const size = (name: string) => Math.round(dimensions?.[name] ?? 0);
  return new BitWriter()
    .put(5, 6)
    .put(0, 2)
    .put(Number(mmsiOf(identity.device)), 30)
    .put(0, 2)
    .put(typeof identity.attributes.imo === 'number' ? identity.attributes.imo : 0, 30)
    .text(identity.callsign, 7)
    .text(identity.name, 20)
    .put(typeof identity.type === 'number' ? identity.type : 0, 8)
    .put(size('toBowM'), 9)
    .put(size('toSternM'), 9)
    .put(size('toPortM'), 6)
    .put(size('toStarboardM'), 6)
    .put(1, 4)
    .put(0, 4 + 5)
    .put(24, 5)
    .put(60, 6)
    .put(Math.round((dimensions?.draughtM ?? 0) * 10), 8)
    .text(identity.destination, 20)
    .put(0, 2)
    .payload();
}
