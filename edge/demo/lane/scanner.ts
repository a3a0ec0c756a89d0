/** Identity of the demo's scanner on the wire. */
export const laneScanner = '00000000000051a1';
/** Twice as fast as such portals usually are, so that a truck is through in a quarter of a minute. */
export const laneSpeedMps = 0.8;
