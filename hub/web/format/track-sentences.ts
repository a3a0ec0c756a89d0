import { distance } from './number.ts';
import { duration } from './time.ts';

type Data = Record<string, unknown>;
type Words = (subject: string, data: Data) => string;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
const list = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

/** ` by 340 m`, ` by 12.4 km` for `by`; empty for no distance. */
function metres(value: unknown, before = ''): string {
  const m = number(value);
  if (m === undefined) return '';
  return `${before && ` ${before}`} ${distance(m)}`;
}
/** `, 340 m apart`. */
const apart = (value: unknown): string => (number(value) === undefined ? '' : `,${metres(value)} apart`);
const lasting = (value: unknown, before: string): string => {
  const seconds = number(value);
  return seconds === undefined ? '' : ` ${before} ${duration(seconds * 1000)}`;
};
const kilograms = (value: unknown): string => {
  const kg = number(value);
  return kg === undefined ? 'an unknown mass' : `${kg.toLocaleString('en')} kg`;
};
const span = ({ from, to }: Data): string => {
  const seconds = (Date.parse(text(to) ?? '') - Date.parse(text(from) ?? '')) / 1000;
  return Number.isFinite(seconds) ? lasting(seconds, 'for') : '';
};
/** `a and b`, `a, b and c`. */
const all = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
const members = (subject: string, data: Data): string => {
  const named = list(data.members);
  return all(named.length > 0 ? named : subject.split('+'));
};

/** A name as watch lists compare it. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s.-]/g, '');

const gapWords: Record<string, string> = {
  coverage: ', where many are',
  power: ', its power cut or low',
};
const spoofs: Record<string, Words> = {
  circle: (subject) => `${subject} reports a circle that nothing real drives`,
  place: (subject, data) => {
    const devices = list(data.devices);
    return `${devices.length > 1 ? all(devices) : subject} report the very same place`;
  },
  speed: (subject) => `${subject} reports a speed that is not that of its way`,
  witness: (subject, data) =>
    `${subject} was seen at ${text(data.by) ?? 'a point'}${metres(data.distanceM, 'and reports a place')} away`,
  altitude: (subject, data) =>
    `${subject} reports a height${metres(data.altitudeM, 'of')}${metres(data.beforeM, 'after')}, which nothing climbs to`,
  time: (subject, data) => `${subject} dates its fixes${lasting(data.aheadSeconds, 'ahead by')}`,
};
const violations: Record<string, string> = {
  outOfOrder: 'out of order',
  tooFast: 'too fast',
  tooSlow: 'too slow',
  skipped: 'with steps left out',
};
const guards: Record<string, string> = {
  outside: 'left where it has to stay',
  unlocked: 'was unlocked outside the places for it',
  silent: 'is not heard any more',
};

/** What happened to a track, in words, by the type of the event without `quaywatch.`. */
export const trackSentences: Readonly<Record<string, Words>> = {
  'track.teleport': (subject, data) =>
    `${subject} is suddenly${metres(data.distanceM)} away, where it cannot have got to`,
  'track.clone': (subject, data) => `${subject} is in two places at once${metres(data.distanceM, 'over')}`,
  'track.frozen': (subject) => `${subject} says that it moves, and its place stands still`,
  'track.gap': (subject, data) =>
    `${subject} ${data.class === 'fix' ? 'had no fix' : 'was silent'}${lasting(data.seconds, 'for')}${gapWords[text(data.class) ?? ''] ?? ''}`,
  'track.outage': (subject, data) => {
    const devices = list(data.devices);
    const some = devices.length > 6 ? [...devices.slice(0, 5), `${devices.length - 5} more`] : devices;
    const whom = some.length > 0 ? `: ${all(some)}` : '';
    return `${number(data.count) ?? 'Many'} ${subject} were silent together${lasting(data.seconds, 'for')}${whom}`;
  },
  'track.spoof': (subject, data) =>
    (spoofs[text(data.reason) ?? ''] ?? ((one: string) => `${one} shows signs of a made-up place`))(
      subject,
      data,
    ),
  'track.jamming': (subject, data) =>
    `${all(list(data.devices)) || subject} lost their fix, or satellites, together: a sign of jamming`,
  'track.companion': (subject, data) => {
    const chance = number(data.chance);
    const odds = chance === undefined || chance <= 0 ? '' : `; by chance once in ${Math.round(1 / chance)}`;
    return `${members(subject, data)} travel together${odds}`;
  },
  'track.parted': (subject, data) => `${members(subject, data)} parted, together${span(data)}`,
  'track.separation': (subject, data) =>
    `${subject} is not with ${text(data.truck) ?? 'its truck'} any more${apart(data.distanceM)}`,
  'track.association': (subject, data) => {
    const [truck, before] = [text(data.truck) ?? 'a truck', text(data.before)];
    return before === undefined
      ? `${subject} goes with ${truck}`
      : `${subject} goes on with ${truck} instead of ${before}: same cargo, another truck`;
  },
  'track.stop': (subject) => `${subject} stands`,
  'track.departed': (subject, data) => `${subject} goes on after a stop${lasting(data.seconds, 'of')}`,
  'track.unscheduled': (subject, data) => {
    const spots = list(data.spots);
    const grave = [
      ...(data.night === true ? ['by night'] : []),
      ...(spots.length > 0 ? [`at ${all(spots)}`] : []),
    ];
    return `${[subject, 'stands', ...grave].join(' ')}, where or longer than it may`;
  },
  'track.contact': (subject, data) =>
    `${subject} is ${data.sensor === 'optical' ? 'seen by camera' : 'followed by radar'} and says nothing by AIS`,
  'track.dark': (subject, data) =>
    `${subject} was out of sight${span(data)}${metres(data.distanceM, 'and came back after')}`,
  'track.encounter': (subject, data) => `${members(subject, data)} lie beside each other`,
  'track.encounter-ended': (subject, data) => `${members(subject, data)} met${span(data)}`,
  'track.loitering': (subject) => `${subject} drifts far from any place to wait`,
  'track.arrival': (subject, data) => `${subject} came to lie in ${text(data.zone) ?? 'a zone'}`,
  'track.identity': (subject, data) => {
    const [before, now] = [text(data.before), text(data.now)];
    return `${subject} gives ${text(data.field) ?? 'a name'} ${now ?? ''}${before === undefined ? '' : ` instead of ${before}`}`;
  },
  'corridor.deviation': (subject, data) =>
    `${subject} left route ${text(data.corridor) ?? ''}${metres(data.offsetM, 'by')}`,
  'corridor.rejoin': (subject, data) =>
    `${subject} is back on route ${text(data.corridor) ?? ''}${lasting(data.seconds, 'after')}`,
  'corridor.wrongWay': (subject, data) => `${subject} goes route ${text(data.corridor) ?? ''} the wrong way`,
  'control.violation': (subject, data) =>
    `${subject} did step ${text(data.step) ?? '?'} ${violations[text(data.violation) ?? ''] ?? 'otherwise than planned'}`,
  'control.overdue': (subject, data) => `${subject} is overdue at step ${text(data.step) ?? '?'}`,
  'control.step': (subject, data) => `${subject} did step ${text(data.step) ?? '?'}`,
  'control.completed': (subject, data) => `${subject} went through plan ${text(data.plan) ?? ''}`,
  'cargo.changed': (subject, data) => {
    const differs = list(data.differs);
    const truck = differs.includes('truck')
      ? [`on ${text(data.truck) ?? 'a truck'} instead of ${text(data.before) ?? 'another'}`]
      : [];
    const mass = differs.includes('mass')
      ? [`with ${kilograms(data.massKg)} instead of ${kilograms(data.beforeKg)}`]
      : [];
    return `${subject} came to ${text(data.point) ?? 'the end of its way'} ${[...truck, ...mass].join(' and ')}`;
  },
  'cargo.arrived': (subject, data) =>
    `${subject} came to ${text(data.point) ?? 'the end of its way'} ${data.unread === true ? 'on a truck that was not read' : 'as it left'}`,
  'guard.violated': (subject, data) =>
    `${subject} ${guards[text(data.reason) ?? ''] ?? 'is not as it has to be'}`,
  'track.sealed': (subject, data) =>
    `${subject} was locked${lasting(data.seconds, 'for')}, until it was ${text(data.end) ?? 'opened'}`,
  'guard.restored': (subject) => `${subject} is as it has to be again`,
  'guard.silent': (subject, data) => `${subject} has not been heard${lasting(data.seconds, 'for')}`,
  'watch.hit': (subject, data) => {
    const [list, entry, note] = [
      text(data.title) ?? text(data.list) ?? '',
      text(data.entry),
      text(data.note),
    ];
    const why = note === undefined ? '' : `: ${note}`;
    return entry === undefined || plain(entry) === plain(subject)
      ? `${subject} is on watch list ${list}${why}`
      : `${entry}, on watch list ${list}, is named by ${subject}${why}`;
  },
};
