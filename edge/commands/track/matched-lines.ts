import { convertDatum } from '#flows/geo/datum';
import type { Position } from '#flows/message';
import { type Chain, type Matcher, newChain, type Settled } from '#flows/roads/match';
import { parseIso } from '#flows/stages/time';

/** A position as it was read: all that the line says, and what matching needs of it. */
export interface ReadPosition {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly device: string;
  /** Epoch ms; NaN when the line tells none. */
  readonly ms: number;
  readonly lon: number;
  readonly lat: number;
  readonly accuracyM: number | undefined;
  /** There was a valid fix. */
  readonly usable: boolean;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The position of a line; `other` for a message of another kind; else what is wrong with it. */
export function positionOf(line: string): ReadPosition | 'other' | { readonly detail: string } {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { detail: 'it is no JSON' };
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    return { detail: 'it is no object' };
  const { kind, lon, lat, fix, quality, accuracyM, device, time, received } = fields;
  if (kind !== undefined && kind !== 'position')
    return typeof kind === 'string' ? 'other' : { detail: 'its kind is no text' };
  if (typeof lon !== 'number' || typeof lat !== 'number' || !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90))
    return { detail: 'lon and lat are no place on the Earth' };
  const place = { lon, lat };
  const { datum } = (fields.attributes ?? {}) as Record<string, unknown>;
  if (typeof datum === 'string') {
    const position: Position = { kind: 'position', lon, lat, fix: true, quality: 'good', attributes: {} };
    convertDatum(position, datum);
    Object.assign(place, { lon: position.lon, lat: position.lat });
  }
  return {
    fields,
    device: textOf(device),
    ms: parseIso(textOf(time) || textOf(received)),
    ...place,
    accuracyM: typeof accuracyM === 'number' && accuracyM >= 0 ? accuracyM : undefined,
    usable: fix !== false && quality !== 'bad',
  };
}

interface Track {
  chain: Chain<Slot>;
  ms: number;
}

/** A line of the output, from when its position came until it is written. */
interface Slot {
  readonly position: ReadPosition;
  readonly track: Track;
  text?: string;
}

/** So many lines wait for one that is undecided; then its track is decided as it stands. */
const maxWaiting = 50_000;
/** After so long without a fix a track begins anew, ms. */
const gapMs = 600_000;

/** Millimetres are more than any receiver knows. */
const rounded = (metres: number): number => Math.round(metres * 1000) / 1000;

/** Matches positions, each device by itself, and gives them out in the order in which they came. */
export class MatchedLines {
  readonly #matcher: Matcher;
  readonly #tracks = new Map<string, Track>();
  #waiting: Slot[] = [];
  #first = 0;
  #text = '';
  count = 0;
  /** Positions on no road. */
  off = 0;

  constructor(matcher: Matcher) {
    this.#matcher = matcher;
  }

  get pending(): number {
    return this.#text.length;
  }

  add(position: ReadPosition): void {
    const { device, ms, usable } = position;
    let track = this.#tracks.get(device);
    if (!track) {
      track = { chain: newChain(), ms: Number.NaN };
      this.#tracks.set(device, track);
    }
    const slot: Slot = { position, track };
    this.#waiting.push(slot);
    if (!usable) this.#settle([{ item: slot, at: undefined }]);
    // What came late is judged by itself: the track has gone on.
    else if (ms < track.ms) this.#settle(this.#alone(slot));
    else {
      if (ms - track.ms > gapMs) {
        this.#settle(this.#matcher.end(track.chain));
        track.chain = newChain();
      }
      this.#settle(this.#matcher.add(track.chain, slot, position));
      if (!Number.isNaN(ms)) track.ms = ms;
    }
    this.#write();
  }

  end(): void {
    for (const { chain } of this.#tracks.values()) this.#settle(this.#matcher.end(chain));
    this.#write();
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  #alone(slot: Slot): Settled<Slot>[] {
    const chain = newChain<Slot>();
    return [...this.#matcher.add(chain, slot, slot.position), ...this.#matcher.end(chain)];
  }

  #settle(settled: readonly Settled<Slot>[]): void {
    for (const { item, at } of settled) {
      this.count++;
      if (!at) this.off++;
      const { road, offsetM } = at ? this.#matcher.place(at) : { road: null, offsetM: null };
      item.text = JSON.stringify({
        ...item.position.fields,
        road,
        offsetM: offsetM === null ? null : rounded(offsetM),
        distanceM: at ? rounded(at.distanceM) : null,
      });
    }
  }

  #write(): void {
    let head = this.#waiting[this.#first];
    if (head?.text === undefined && this.#waiting.length - this.#first > maxWaiting && head)
      this.#settle(this.#matcher.end(head.track.chain));
    for (; head?.text !== undefined; head = this.#waiting[++this.#first]) this.#text += `${head.text}\n`;
    if (this.#first < 1024) return;
    this.#waiting = this.#waiting.slice(this.#first);
    this.#first = 0;
  }
}
