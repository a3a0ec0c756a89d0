import type { ObjectRisk } from '#hub/api/risk-types';
import { shortType } from '../format/sentence.ts';

export const levelWords: Record<ObjectRisk['level'], string> = {
  none: 'nothing speaks against it',
  some: 'little speaks against it',
  raised: 'worth a look',
  high: 'to be stopped',
};
/** What counts against an object, by the type of the event without `quaywatch.`. */
export const reasons: Readonly<Record<string, string>> = {
  'cargo.changed': 'came on another truck, or lighter or heavier',
  'control.violation': 'went otherwise than planned',
  'corridor.*': 'not on its route, whatever it is',
  'corridor.deviation': 'left its route',
  'corridor.rejoin': 'came back to its route',
  'corridor.wrongWay': 'went the wrong way',
  'guard.silent': 'guarded, and not heard',
  'guard.violated': 'guarded, and not as it has to be',
  'seal.*': 'seal not in order, whatever it is',
  'seal.cut': 'seal cut',
  'seal.observed': 'seal not in order',
  'seal.tampered': 'seal tampered with',
  'seal.unauthorised': 'seal opened without leave',
  'track.clone': 'in two places at once',
  'track.dark': 'out of sight at sea',
  'track.frozen': 'place stands still while it moves',
  'track.gap': 'silent',
  'track.identity': 'gave another identity',
  'track.loitering': 'drifted far from any place to wait',
  'track.separation': 'cargo and truck parted',
  'track.spoof': 'place made up',
  'track.teleport': 'jumped to another place',
  'track.unscheduled': 'stood where or longer than it may',
  'watch.hit': 'on a watch list',
};

/** In words; a type that has none is told by its name. */
export const reasonOf = (type: string): string => reasons[shortType(type)] ?? shortType(type);
