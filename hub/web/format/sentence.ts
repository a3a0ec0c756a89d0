import type { Event } from '#hub/api/types';
import { course, latitude, longitude, speed } from './number.ts';
import { duration, utcTime } from './time.ts';
import { trackSentences } from './track-sentences.ts';

/** Names that the screen knows for ids: of fences and boxes. */
export interface Names {
  fence(id: string): string;
  box(id: string): string;
}

type Data = Record<string, unknown>;
type Sentence = (subject: string, data: Data, event: Event, names: Names) => string;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
const clock = (value: unknown): string => {
  const ms = Date.parse(text(value) ?? '');
  return Number.isFinite(ms) ? `${utcTime(ms)} UTC` : 'an unknown time';
};
const fence = (data: Data, names: Names) => names.fence(text(data.fence) ?? '?');

const sealWords: Record<string, string> = {
  locked: 'is locked',
  unlocked: 'was unlocked',
  tampered: 'was tampered with',
  cut: 'was cut',
  fault: 'reports a fault',
};

const seal = (state: string | undefined): Sentence => {
  return (subject, data) => {
    const said = state ?? text(data.state) ?? 'unknown';
    const words = sealWords[said] ?? `is ${said}`;
    const container = text(data.container);
    const reason = text(data.reason);
    const name = /^seal/i.test(subject) ? capital(subject) : `Seal ${subject}`;
    return `${name}${container ? ` of container ${container}` : ''} ${words}${reason ? `: ${reason}` : ''}`;
  };
};

const between = (data: Data) => {
  const [from, to] = [Date.parse(text(data.from) ?? ''), Date.parse(text(data.to) ?? '')];
  const length = Number.isFinite(to - from) ? ` (${duration(to - from)})` : '';
  return `from ${clock(data.from)} to ${clock(data.to)}${length}`;
};

const quantity = (value: number, unit: unknown) => `${value}${text(unit) ? ` ${text(unit)}` : ''}`;

const measured = (data: Data) => {
  const value = number(data.value);
  return value === undefined ? '' : ` at ${quantity(value, data.unit)}`;
};

const limit = (data: Data) => {
  const value = number(data.limit);
  const kind = data.side === 'below' ? 'lower limit' : 'upper limit';
  return value === undefined ? 'the limit' : `the ${kind} of ${quantity(value, data.unit)}`;
};

/** `truck-07: speed `, or `truck-07: ` where nobody says what was measured. */
const ofWhat = (subject: string, data: Data) => `${subject}: ${text(data.name) ? `${text(data.name)} ` : ''}`;

const verdictWords: Record<string, string> = {
  clear: 'is clear',
  suspect: 'is suspect',
  none: 'has no verdict (this is not clear)',
};

const scanEnds: Record<string, string> = {
  cut: 'the wire was cut',
  silent: 'the scanner fell silent',
  limit: 'it grew too long',
};

/** Named by the scanner: a scan's own name is a number that nobody remembers. */
const scan = (subject: string, data: Data) =>
  text(data.device) ? `Scan by ${text(data.device)}` : `Scan of ${subject}`;

const sentences: Record<string, Sentence> = {
  ...trackSentences,
  'fence.enter': (subject, data, _, names) =>
    data.opened === true
      ? `${subject} is in ${fence(data, names)} as its hours begin`
      : `${subject} entered ${fence(data, names)}`,
  'fence.exit': (subject, data, _, names) => `${subject} left ${fence(data, names)}`,
  'fence.cross': (subject, data, _, names) => `${subject} crossed ${fence(data, names)} between two fixes`,
  'fence.dwell': (subject, data, _, names) => {
    const seconds = number(data.dwellSeconds) ?? number(data.seconds);
    const stay = seconds === undefined ? 'longer than allowed' : `for ${duration(seconds * 1000)}`;
    return `${subject} has been in ${fence(data, names)} ${stay}`;
  },
  'seal.observed': seal(undefined),
  'seal.locked': seal('locked'),
  'seal.unlocked': seal('unlocked'),
  'seal.tampered': seal('tampered'),
  'seal.cut': seal('cut'),
  'seal.fault': seal('fault'),
  'device.gap': (subject, data) => `No data from ${subject} ${between(data)}`,
  'threshold.raised': (subject, data) => `${ofWhat(subject, data)}beyond ${limit(data)}${measured(data)}`,
  'threshold.cleared': (subject, data) =>
    `${ofWhat(subject, data)}back within ${limit(data)}${measured(data)}`,
  'window.closed': (subject, data) =>
    `${subject}: ${number(data.count) ?? 'some'} messages ${between({ from: data.begin, to: data.end })}`,
  'join.matched': (subject, data) =>
    data.right === undefined || data.right === null
      ? `${subject}: no partner in time`
      : `${subject}: two messages belong together`,
  'position.observed': (subject, data) => {
    const [lat, lon, kph, deg] = [data.lat, data.lon, data.speedKph, data.courseDeg].map(number);
    const place =
      lat === undefined || lon === undefined ? 'an unknown place' : `${latitude(lat)}, ${longitude(lon)}`;
    const moving =
      kph === undefined ? '' : `, ${speed(kph, false)}${deg === undefined ? '' : ` towards ${course(deg)}`}`;
    return `${subject} at ${place}${moving}`;
  },
  'reading.observed': (subject, data) => `${subject}: ${text(data.name) ?? 'reading'}${measured(data)}`,
  'passage.observed': (subject, data) =>
    `${text(data.object) ?? subject} passed ${text(data.point) ?? 'a point'}`,
  'identity.observed': (subject, data) =>
    `${subject} says it is ${text(data.name) ?? text(data.plate) ?? 'someone'}`,
  'verdict.observed': (subject, data) =>
    `${subject} ${verdictWords[text(data.outcome) ?? 'none'] ?? 'has no verdict (this is not clear)'}`,
  'scan.started': (subject, data) => `${scan(subject, data)} began`,
  'scan.completed': (subject, data) =>
    `${scan(subject, data)} ended${data.end === 'complete' || data.end === undefined ? '' : `: ${scanEnds[text(data.end) ?? ''] ?? data.end}`}`,
  'scan.evicted': (subject) => `The pixels of the scan of ${subject} are past their retention`,
  'scan.verdict': (subject, data) => {
    const said = verdictWords[text(data.outcome) ?? 'none'] ?? verdictWords.none;
    const reasons = Array.isArray(data.reasons)
      ? data.reasons.filter((each) => typeof each === 'string')
      : [];
    return `Scan: ${subject} ${said}${reasons.length > 0 ? `: ${String(reasons[0]).replace(/\.$/, '')}` : ''}`;
  },
  'box.dropping': (_, data, event, names) =>
    data.state === 'cleared'
      ? `Box ${names.box(event.box)} drops nothing any more`
      : `Box ${names.box(event.box)} drops its oldest telemetry for want of room`,
  'box.full': (_, __, event, names) =>
    `Box ${names.box(event.box)} is full: its sources are paused until the hub takes its events`,
  'box.lag': (_, data, event, names) =>
    `Box ${names.box(event.box)} is behind${number(data.lagMs) === undefined ? '' : ` by ${duration(number(data.lagMs) ?? 0)}`}`,
  'box.corrupt': (_, __, event, names) =>
    `Box ${names.box(event.box)} found a damaged database and set it aside`,
  'box.refused': (subject, data, _, names) =>
    `The hub turned away a connection in the name of ${names.box(subject)}: ${text(data.message) ?? text(data.code) ?? 'no reason given'}`,
  'outbox.tombstone': (subject, data, _, names) =>
    `${number(data.count) ?? 'Some'} ${text(data.priority) ?? ''} events of box ${names.box(subject)} will never come: ${text(data.reason) ?? 'no reason given'}`,
  'sequence.conflict': (_, __, event, names) =>
    `Box ${names.box(event.box)} sent a sequence number twice with different content`,
};

/** `quaywatch.fence.enter` to `fence.enter`. */
export const shortType = (type: string): string => type.replace(/^quaywatch\./, '');

/**
 * What happened, in words. Known types have a sentence of their own; any other is told by its type
 * and subject. An event that corrects or withdraws another says so first.
 */
export function sentence(event: Event, names: Names): string {
  const short = shortType(event.type);
  const subject = event.subject ?? names.box(event.box);
  const known = Object.hasOwn(sentences, short) ? sentences[short] : undefined;
  const raised = event.data.state === 'cleared' ? 'Over: ' : '';
  const said = known
    ? known(subject, event.data, event, names)
    : `${capital(short.replaceAll('.', ' '))}${event.subject ? `: ${event.subject}` : ''}`;
  const marked = short.startsWith('box.') ? `${raised}${said}` : said;
  if (event.data.retracted === true) return `Withdrawn: ${marked}`;
  return event.supersedes ? `Corrected: ${marked}` : marked;
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
