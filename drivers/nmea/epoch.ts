import type { Message, Position } from '#flows/message';
import type { NmeaPart } from './decode.ts';

/**
 * Joins the sentences of one moment into one position. A receiver repeats the same cycle of
 * sentences, so an epoch is complete when every sentence that helped the one before it has come; until
 * a cycle is known, when the next begins. Only a receiver that falls silent is waited for by the clock.
 */
export interface EpochState {
  /** Sentences of the open epoch, by type; the first of each. */
  open: NmeaPart[];
  timeMs: number | undefined;
  /** When its first sentence came. */
  openedMs: number;
  emitted: boolean;
  /** Types that the last whole epoch was made of. */
  cycle: readonly string[];
  /** Epochs that are over: what still comes for them says nothing new. */
  past: { readonly timeMs: number; readonly lat: number | undefined; readonly lon: number | undefined }[];
  /** Midnight of the last known date, and the time of day that it belonged to. */
  dateMs: number | undefined;
  datedAtMs: number;
  lastPartMs: number;
  /** Midnight and the text of a date, which stays the same for a day. */
  day: { readonly ms: number; readonly text: string };
}

/** Silence after which an epoch is taken as complete, ms. */
export const epochSilenceMs = 1500;
/** A moment that is still told after so long is a receiver that hangs: each time it is told counts, so that it is seen. */
const stuckMs = 2000;
const sameMomentMs = 10;
const pastEpochs = 4;
const dayMs = 86_400_000;

export const initialEpoch = (): EpochState => ({
  open: [],
  timeMs: undefined,
  openedMs: 0,
  emitted: false,
  cycle: [],
  past: [],
  dateMs: undefined,
  datedAtMs: 0,
  lastPartMs: 0,
  day: { ms: Number.NaN, text: '' },
});

const sameMoment = (a: number | undefined, b: number | undefined): boolean =>
  a !== undefined && b !== undefined && Math.abs(a - b) < sameMomentMs;

/** 1e-5 degrees, about a metre: sentences of one moment differ by their last digits only. */
const samePlace = (a: NmeaPart, lat: number | undefined, lon: number | undefined): boolean =>
  a.lat === undefined ||
  a.lon === undefined ||
  lat === undefined ||
  lon === undefined ||
  (Math.abs(a.lat - lat) < 1e-5 && Math.abs(a.lon - lon) < 1e-5);

/** Order in which sentences are believed: the one with the most to say of the fix first. */
const order = ['GGA', 'GNS', 'RMC', 'GLL', 'VTG', 'GSA', 'ZDA'];
const rank: Readonly<Record<string, number>> = Object.fromEntries(order.map((type, i) => [type, i]));
const rankOf = ({ type }: NmeaPart): number => rank[type] ?? order.length;

function ranked({ open }: EpochState): readonly NmeaPart[] {
  for (let i = 1; i < open.length; i++)
    if (rankOf(open[i - 1] as NmeaPart) > rankOf(open[i] as NmeaPart))
      return open.toSorted((a, b) => rankOf(a) - rankOf(b));
  return open;
}

const has = ({ open }: EpochState, type: string): boolean => {
  for (const part of open) if (part.type === type) return true;
  return false;
};

/** Whether the part tells something that no other sentence of the epoch does. */
function helps(part: NmeaPart, parts: readonly NmeaPart[]): boolean {
  if (part.type === 'VTG') return part.speedKph !== undefined && !parts.some((p) => p.type === 'RMC');
  if (part.type === 'GSA') return part.hdop !== undefined && !parts.some((p) => p.type !== 'GSA' && p.hdop);
  return true;
}

function dateOf(state: EpochState, parts: readonly NmeaPart[], fix: boolean): number | undefined {
  const { timeMs } = state;
  if (timeMs === undefined) return undefined;
  // The date of a receiver without a fix comes from a battery clock, if from anywhere.
  const dated = parts.find((p) => p.dateMs !== undefined && (p.type === 'ZDA' || p.fix !== false || !fix));
  if (dated) {
    if (fix || dated.fix !== false || state.dateMs === undefined) {
      state.dateMs = dated.dateMs;
      state.datedAtMs = timeMs;
    }
    return dated.dateMs;
  }
  if (state.dateMs === undefined) return undefined;
  if (timeMs < state.datedAtMs - dayMs / 2) state.dateMs = (state.dateMs as number) + dayMs;
  else if (timeMs > state.datedAtMs + dayMs / 2) return (state.dateMs as number) - dayMs;
  state.datedAtMs = timeMs;
  return state.dateMs;
}

const two = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

/** `hh:mm:ss.sss` of a time of day. */
export function clockText(timeMs: number): string {
  const ms = timeMs % 1000;
  const seconds = (timeMs - ms) / 1000;
  const minutes = Math.floor(seconds / 60);
  const thousandths = ms === 0 ? '000' : String(ms).padStart(3, '0');
  return `${two[Math.floor(minutes / 60)]}:${two[minutes % 60]}:${two[seconds % 60]}.${thousandths}`;
}

function momentText(state: EpochState, dateMs: number, timeMs: number): string {
  if (state.day.ms !== dateMs) state.day = { ms: dateMs, text: new Date(dateMs).toISOString().slice(0, 11) };
  return `${state.day.text}${clockText(timeMs)}Z`;
}

function attributesOf(placed: NmeaPart, parts: readonly NmeaPart[]): Record<string, unknown> {
  const out: Record<string, unknown> = {}; // grows: an empty one has room for more than one that is begun
  out.talker = placed.talker;
  for (let i = parts.length - 1; i >= 0; i--) {
    const { attributes } = parts[i] as NmeaPart;
    for (const name in attributes) {
      const value = attributes[name];
      if (value !== undefined && value !== '' && !Number.isNaN(value)) out[name] = value;
    }
  }
  out.sentences = parts.map(({ type }) => type);
  return out;
}

function qualityOf(fix: boolean, attributes: Record<string, unknown>): Position['quality'] {
  if (!fix) return 'bad';
  const { fixQuality, mode } = attributes;
  // Dead reckoning, typed in by hand, simulated: a position, but none that was measured.
  const measured =
    !(typeof fixQuality === 'number' && fixQuality >= 6 && fixQuality <= 8) &&
    !(typeof mode === 'string' && 'EMS'.includes(mode[0] ?? '-'));
  return measured ? 'good' : 'suspect';
}

/** The position that the sentences so far make, if they have coordinates. */
function position(state: EpochState): Position | undefined {
  const parts = ranked(state);
  let [said, holds] = [false, true];
  let placed: NmeaPart | undefined;
  let speedKph: number | undefined;
  let courseDeg: number | undefined;
  let altitudeM: number | undefined;
  let hdop: number | undefined;
  let satellites: number | undefined;
  for (const part of parts) {
    if (part.fix !== undefined) {
      said = true;
      holds &&= part.fix;
    }
    if (part.lat !== undefined && part.lon !== undefined) placed ??= part;
    speedKph ??= part.speedKph;
    courseDeg ??= part.courseDeg;
    altitudeM ??= part.altitudeM;
    hdop ??= part.hdop;
    satellites ??= part.satellites;
  }
  const fix = said && holds;
  const date = dateOf(state, parts, fix);
  if (placed?.lat === undefined || placed.lon === undefined) return undefined;
  // A receiver that never had a fix sends zeros.
  if (!fix && placed.lat === 0 && placed.lon === 0) return undefined;
  const attributes = attributesOf(placed, parts);
  const { timeMs } = state;
  if (date === undefined && timeMs !== undefined) attributes.timeOfDay = clockText(timeMs);
  const quality = qualityOf(fix, attributes);
  const { lon, lat } = placed;
  // As nearly all receivers say it, made at one go.
  if (speedKph !== undefined && courseDeg !== undefined && date !== undefined && timeMs !== undefined) {
    const time = momentText(state, date, timeMs);
    const whole: Position = {
      kind: 'position',
      time,
      quality,
      lon,
      lat,
      speedKph,
      courseDeg,
      fix,
      attributes,
    };
    return withAltitude(whole, altitudeM, hdop, satellites);
  }
  const message: Position = { kind: 'position', quality, lon, lat, fix, attributes };
  if (date !== undefined && timeMs !== undefined) message.time = momentText(state, date, timeMs);
  if (speedKph !== undefined) message.speedKph = speedKph;
  if (courseDeg !== undefined) message.courseDeg = courseDeg;
  return withAltitude(message, altitudeM, hdop, satellites);
}

/** What GGA adds. */
function withAltitude(
  message: Position,
  altitudeM: number | undefined,
  hdop: number | undefined,
  satellites: number | undefined,
): Position {
  if (altitudeM !== undefined) message.altitudeM = altitudeM;
  if (hdop !== undefined) message.hdop = hdop;
  if (satellites !== undefined) message.satellites = satellites;
  return message;
}

function emit(state: EpochState): Message[] {
  if (state.emitted) return [];
  const message = position(state);
  if (!message) return [];
  state.emitted = true;
  return [message];
}

const placedOf = ({ open }: EpochState) => open.find((part) => part.lat !== undefined);

function close(state: EpochState): Message[] {
  const messages = emit(state);
  const { open } = state;
  const placed = placedOf(state);
  if (state.timeMs !== undefined) {
    state.past.push({ timeMs: state.timeMs, lat: placed?.lat, lon: placed?.lon });
    if (state.past.length > pastEpochs) state.past.shift();
  }
  // The same sentences as before help as they did before.
  const isSame = open.length === state.cycle.length && complete(state);
  if (placed && !isSame) state.cycle = open.filter((part) => helps(part, open)).map((part) => part.type);
  state.open = [];
  state.timeMs = undefined;
  state.emitted = false;
  return messages;
}

function complete(state: EpochState): boolean {
  if (state.cycle.length === 0 || state.cycle.length > state.open.length) return false;
  for (const type of state.cycle) if (!has(state, type)) return false;
  return true;
}

function beginsAnother(state: EpochState, part: NmeaPart): boolean {
  if (state.open.length === 0 || part.timeMs === undefined) return false;
  if (state.timeMs === undefined) return has(state, part.type);
  if (!sameMoment(state.timeMs, part.timeMs)) return true;
  if (!has(state, part.type)) return false;
  const placed = placedOf(state);
  return !samePlace(part, placed?.lat, placed?.lon);
}

export function assembleEpoch(
  state: EpochState,
  part: NmeaPart,
  nowMs: number,
): readonly [EpochState, Message[]] {
  let messages: Message[] = [];
  if (beginsAnother(state, part)) {
    const late = state.past.some((p) => sameMoment(p.timeMs, part.timeMs) && samePlace(part, p.lat, p.lon));
    if (late) return [state, messages];
    messages = close(state);
  }
  state.lastPartMs = nowMs;
  if (state.open.length === 0) state.openedMs = nowMs;
  if (!has(state, part.type)) state.open.push(part);
  else if (part.type === state.open[0]?.type && nowMs - state.openedMs >= stuckMs) {
    const again = position(state);
    state.emitted = true;
    return [state, again ? [again] : []];
  }
  state.timeMs ??= part.timeMs;
  if (!state.emitted && complete(state)) messages.push(...emit(state));
  return [state, messages];
}

export function expireEpoch(state: EpochState, nowMs: number): readonly [EpochState, Message[], []] {
  if (state.open.length === 0 || nowMs < state.lastPartMs + epochSilenceMs) return [state, [], []];
  return [state, close(state), []];
}

export const epochDeadline = (state: EpochState): number | undefined =>
  state.open.length === 0 || state.emitted ? undefined : state.lastPartMs + epochSilenceMs;
