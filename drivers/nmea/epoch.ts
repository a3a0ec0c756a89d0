import type { Message, Position } from '#flows/message';
import type { NmeaPart } from './decode.ts';

/**
 * Joins the sentences of one moment into one position. A receiver repeats the same cycle of
 * sentences, so an epoch is complete when every sentence that helped the one before it has come; until
 * a cycle is known, when the next begins. Only a receiver that falls silent is waited for by the clock.
 */
export interface EpochState {
  /** Sentences of the open epoch, by type; the first of each. */
  open: Map<string, NmeaPart>;
  timeMs: number | undefined;
  emitted: boolean;
  /** Types that the last whole epoch was made of. */
  cycle: ReadonlySet<string>;
  /** Epochs that are over: what still comes for them says nothing new. */
  past: { readonly timeMs: number; readonly lat: number | undefined; readonly lon: number | undefined }[];
  /** Midnight of the last known date, and the time of day that it belonged to. */
  dateMs: number | undefined;
  datedAtMs: number;
  lastPartMs: number;
}

/** Silence after which an epoch is taken as complete, ms. */
export const epochSilenceMs = 1500;
const sameMomentMs = 10;
const pastEpochs = 4;
const dayMs = 86_400_000;

export const initialEpoch = (): EpochState => ({
  open: new Map(),
  timeMs: undefined,
  emitted: false,
  cycle: new Set(),
  past: [],
  dateMs: undefined,
  datedAtMs: 0,
  lastPartMs: 0,
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

function ranked(state: EpochState): NmeaPart[] {
  return order.flatMap((type) => state.open.get(type) ?? []);
}

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

const clockText = (ms: number): string => new Date(ms).toISOString().slice(11, 23);

function qualityOf(fix: boolean, attributes: Record<string, unknown>): Position['quality'] {
  if (!fix) return 'bad';
  const { fixQuality, mode } = attributes;
  // Dead reckoning, typed in by hand, simulated: a position, but none that was measured.
  const measured =
    !(typeof fixQuality === 'number' && fixQuality >= 6 && fixQuality <= 8) &&
    !/^[EMS]/.test(String(mode ?? ''));
  return measured ? 'good' : 'suspect';
}

/** The position that the sentences so far make, if they have coordinates. */
function position(state: EpochState): Position | undefined {
  const parts = ranked(state);
  const said = parts.filter((part) => part.fix !== undefined);
  const fix = said.length > 0 && said.every((part) => part.fix === true);
  const placed = parts.find((part) => Number.isFinite(part.lat) && Number.isFinite(part.lon));
  const date = dateOf(state, parts, fix);
  if (placed?.lat === undefined || placed.lon === undefined) return undefined;
  // A receiver that never had a fix sends zeros.
  if (!fix && placed.lat === 0 && placed.lon === 0) return undefined;
  const first = <K extends 'speedKph' | 'courseDeg' | 'altitudeM' | 'hdop' | 'satellites'>(name: K) => {
    const value = parts.find((part) => part[name] !== undefined)?.[name];
    return value === undefined ? {} : { [name]: value };
  };
  const attributes: Record<string, unknown> = { talker: placed.talker };
  for (const part of parts.toReversed()) Object.assign(attributes, part.attributes);
  attributes.sentences = parts.map((part) => part.type);
  const { timeMs } = state;
  if (date === undefined && timeMs !== undefined) attributes.timeOfDay = clockText(timeMs);
  return {
    kind: 'position',
    ...(date === undefined || timeMs === undefined ? {} : { time: new Date(date + timeMs).toISOString() }),
    quality: qualityOf(fix, attributes),
    lon: placed.lon,
    lat: placed.lat,
    ...first('speedKph'),
    ...first('courseDeg'),
    ...first('altitudeM'),
    ...first('hdop'),
    ...first('satellites'),
    fix,
    attributes,
  };
}

function emit(state: EpochState): Message[] {
  if (state.emitted) return [];
  const message = position(state);
  if (!message) return [];
  state.emitted = true;
  return [message];
}

function close(state: EpochState): Message[] {
  const messages = emit(state);
  const parts = [...state.open.values()];
  const placed = parts.find((part) => part.lat !== undefined);
  if (state.timeMs !== undefined) {
    state.past.push({ timeMs: state.timeMs, lat: placed?.lat, lon: placed?.lon });
    if (state.past.length > pastEpochs) state.past.shift();
  }
  if (placed) state.cycle = new Set(parts.filter((part) => helps(part, parts)).map((part) => part.type));
  state.open = new Map();
  state.timeMs = undefined;
  state.emitted = false;
  return messages;
}

const complete = (state: EpochState): boolean =>
  state.cycle.size > 0 && [...state.cycle].every((type) => state.open.has(type));

function beginsAnother(state: EpochState, part: NmeaPart): boolean {
  if (state.open.size === 0 || part.timeMs === undefined) return false;
  if (state.timeMs === undefined) return state.open.has(part.type);
  if (!sameMoment(state.timeMs, part.timeMs)) return true;
  const placed = [...state.open.values()].find((p) => p.lat !== undefined);
  return state.open.has(part.type) && !samePlace(part, placed?.lat, placed?.lon);
}

export function assembleEpoch(
  state: EpochState,
  part: NmeaPart,
  nowMs: number,
): readonly [EpochState, Message[]] {
  if (Number.isNaN(part.timeMs)) return [state, []];
  const messages: Message[] = [];
  if (beginsAnother(state, part)) {
    const late = state.past.some((p) => sameMoment(p.timeMs, part.timeMs) && samePlace(part, p.lat, p.lon));
    if (late) return [state, messages];
    messages.push(...close(state));
  }
  state.lastPartMs = nowMs;
  if (!state.open.has(part.type)) state.open.set(part.type, part);
  state.timeMs ??= part.timeMs;
  if (!state.emitted && complete(state)) messages.push(...emit(state));
  return [state, messages];
}

export function expireEpoch(state: EpochState, nowMs: number): readonly [EpochState, Message[], []] {
  if (state.open.size === 0 || nowMs < state.lastPartMs + epochSilenceMs) return [state, [], []];
  return [state, close(state), []];
}

export const epochDeadline = (state: EpochState): number | undefined =>
  state.open.size === 0 || state.emitted ? undefined : state.lastPartMs + epochSilenceMs;
