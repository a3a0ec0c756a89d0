/** Words for the codes of ITU-R M.1371, as its public descriptions give them. */

/** Navigational status of class A; 15 says nothing. */
export const navigationStatus: readonly (string | undefined)[] = [
  'underWayUsingEngine',
  'atAnchor',
  'notUnderCommand',
  'restrictedManoeuvrability',
  'constrainedByDraught',
  'moored',
  'aground',
  'engagedInFishing',
  'underWaySailing',
  'reserved9',
  'reserved10',
  'towingAstern',
  'pushingAhead',
  'reserved13',
  'aisSart',
];

/** What a position was fixed with; 0 and 9 to 14 say nothing. */
export const positioningDevice: readonly (string | undefined)[] = [
  undefined,
  'gps',
  'glonass',
  'gpsGlonass',
  'loranC',
  'chayka',
  'integrated',
  'surveyed',
  'galileo',
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  'internal',
];

/** What the second of a position report says when it is none: 60 says nothing. */
export const positioningMode: Readonly<Record<number, string>> = {
  61: 'manual',
  62: 'deadReckoning',
  63: 'inoperative',
};

/** By first digits, the longer before the shorter. */
const classes: readonly (readonly [string, string])[] = [
  ['00', 'coastStation'],
  ['0', 'group'],
  ['111', 'sarAircraft'],
  ['970', 'sart'],
  ['972', 'manOverboard'],
  ['974', 'epirb'],
  ['98', 'craftOfParent'],
  ['99', 'aidToNavigation'],
];

/** What an identity stands for, by its first digits (ITU-R M.585); undefined for a ship's own. */
export function mmsiClass(mmsi: string): string | undefined {
  if (mmsi.length !== 9) return 'impossible';
  // Ships begin with 2 to 7.
  if (mmsi > '2' && mmsi < '8') return undefined;
  return classes.find(([digits]) => mmsi.startsWith(digits))?.[1];
}
