import type { EventType } from '../event-types.ts';

/** What is told of tracks. */
export const trackEventTypes = {
  'quaywatch.track.arrival': {
    summary: 'A ship has come to lie in a zone.',
    subject: 'device',
    data: ['zone', 'lon', 'lat'],
  },
  'quaywatch.track.association': {
    summary: 'A seal goes with a truck; with `before`, it went with another: same cargo, different truck.',
    subject: 'the seal',
    data: ['seal', 'truck', 'before', 'confirmed', 'lon', 'lat'],
  },
  'quaywatch.track.clone': {
    summary: 'Two bodies under one identity: fixes in two places at once, told apart by `segment`.',
    subject: 'device',
    data: ['segment', 'from', 'distanceM', 'speedKph', 'lon', 'lat'],
  },
  'quaywatch.track.companion': {
    summary:
      'Vehicles travel together beyond what chance would do: by positions, or by points that read plates.',
    subject: 'the members, with + between them',
    data: [
      'members',
      'pair',
      'tier',
      'from',
      'snapshots',
      'points',
      'choices',
      'score',
      'chance',
      'distanceM',
      'lon',
      'lat',
    ],
  },
  'quaywatch.track.contact': {
    summary:
      'A radar or a camera follows something, and no ship says by AIS that it is there; `sensor` is what its positions say in `attributes.contact` (`radar`, `optical`).',
    subject: 'the radar or camera and the number of its target, with / between them',
    data: ['from', 'target', 'sensor', 'lon', 'lat'],
  },
  'quaywatch.track.dark': {
    summary:
      'A ship was silent for long: where it went out of sight and where it came back; `receptionPerDay` positions of ships came a day from where it went.',
    subject: 'device',
    data: ['from', 'to', 'off', 'on', 'distanceM', 'speedKn', 'receptionPerDay', 'lon', 'lat'],
  },
  'quaywatch.track.departed': {
    summary: 'A vehicle goes on after a stop: the whole of the stop.',
    subject: 'device',
    data: ['from', 'to', 'seconds', 'zones', 'lon', 'lat'],
  },
  'quaywatch.track.encounter': {
    summary: 'Two ships lie near each other at sea for as long as the preset says.',
    subject: 'the two, with + between them',
    data: ['members', 'from', 'nearestM', 'speedKn', 'preset', 'lon', 'lat'],
  },
  'quaywatch.track.encounter-ended': {
    summary: 'Two ships that met are apart again: the whole time.',
    subject: 'the two, with + between them',
    data: ['members', 'from', 'to', 'nearestM', 'speedKn', 'lon', 'lat'],
  },
  'quaywatch.track.frozen': {
    summary: 'The receiver gives one place again and again and says that it moves.',
    subject: 'device',
    data: ['fixes', 'speedKph', 'lon', 'lat'],
  },
  'quaywatch.track.gap': {
    summary:
      'Silence between two fixes; `class` is `fix` when the device was heard without one, `power` when it had said that its power is cut or low, `coverage` where many fall silent, else `link`; `usualShare` is the share of passages there that ended so, `usualS` the usual interval of the device.',
    subject: 'device',
    data: ['from', 'to', 'class', 'seconds', 'usualS', 'usualShare', 'distanceM', 'lon', 'lat'],
  },
  'quaywatch.track.identity': {
    summary: 'A ship says another name or call sign than before, or the call sign of another ship.',
    subject: 'device',
    data: ['field', 'before', 'now', 'ship'],
  },
  'quaywatch.track.jamming': {
    summary:
      'A sign of jamming: several devices lost their fix near each other within a minute, the first at `time`; `signs` says of each whether it lost it (`fix`), complained (`antenna`), has half its satellites (`satellites`) or hears them 10 dB less (`carrier`).',
    subject: 'the devices, with + between them',
    data: ['devices', 'signs', 'to', 'lon', 'lat'],
  },
  'quaywatch.track.loitering': {
    summary: 'A ship is slow for long, far from every fence.',
    subject: 'device',
    data: ['from', 'lon', 'lat'],
  },
  'quaywatch.track.outage': {
    summary:
      'Devices fell silent and came back together, since `time`: their link or server was out. Their own gaps are not told beside it.',
    subject: 'what all of them are heard by',
    data: ['from', 'to', 'seconds', 'count', 'devices'],
  },
  'quaywatch.track.parted': {
    summary: 'Two companions are not together any more: the whole time that they were.',
    subject: 'the two, with + between them',
    data: ['members', 'from', 'to', 'snapshots', 'choices', 'score', 'distanceM'],
  },
  'quaywatch.track.sealed': {
    summary:
      'A seal was locked for a time, which is over: `end` is the state that ended it, `lastLocked` when it last said that it was locked, `begin` where it was locked (longitude, latitude), `lon` and `lat` where it was at the end.',
    subject: 'device',
    data: ['from', 'to', 'seconds', 'end', 'lastLocked', 'reason', 'container', 'begin', 'lon', 'lat'],
  },
  'quaywatch.track.separation': {
    summary: 'A seal is no longer where its truck is, since `time`.',
    subject: 'the seal',
    data: ['seal', 'truck', 'chi2', 'distanceM', 'confirmed', 'lon', 'lat'],
  },
  'quaywatch.track.spoof': {
    summary:
      'A sign of spoofing: several devices at one place, a speed that is not that of the way, fixes dated after they came, a height that nothing climbs to (`altitude`), a circle that nothing real goes round, or a gate, a cell or the network that saw the device elsewhere (`witness`).',
    subject: 'device',
    data: [
      'reason',
      'devices',
      'speedKph',
      'wayKph',
      'aheadSeconds',
      'altitudeM',
      'beforeM',
      'radiusM',
      'witness',
      'by',
      'object',
      'at',
      'distanceM',
      'allowedM',
      'to',
      'lon',
      'lat',
    ],
  },
  'quaywatch.track.stop': {
    summary: 'A vehicle has come to a stand, at `time`.',
    subject: 'device',
    data: ['from', 'confirmed', 'zones', 'lon', 'lat'],
  },
  'quaywatch.track.teleport': {
    summary: 'The object is suddenly where it cannot have got to, and stays there.',
    subject: 'device',
    data: ['segment', 'from', 'distanceM', 'speedKph', 'lon', 'lat'],
  },
  'quaywatch.track.unscheduled': {
    summary:
      'A stop is outside every allowed zone, or longer than is allowed there; `severity` is `medium`, `high` by night or at a place where goods are known to change vehicles (`spots`), `critical` for both.',
    subject: 'device',
    data: ['from', 'reason', 'confirmed', 'zones', 'severity', 'night', 'spots', 'lon', 'lat'],
  },
} as const satisfies Record<string, EventType>;
