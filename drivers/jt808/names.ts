/**
 * Names of alarm and status bits of a location report, after JT/T 808 as open decoders quote it (the text
 * of the standard has not been seen); absent: reserved or unknown.
 */
export const alarmBits: readonly (string | undefined)[] = [
  'sos',
  'overspeed',
  'fatigue',
  'danger',
  'gnssFault',
  'antennaCut',
  'antennaShort',
  'underVoltage',
  'powerCut',
  'displayFault',
  'ttsFault',
  'cameraFault',
  'icCardFault',
  'overspeedWarning',
  'fatigueWarning',
  'violation',
  'tyrePressure',
  'blindSpot',
  'dailyOvertime',
  'overtimeParking',
  'areaInOut',
  'routeInOut',
  'segmentTime',
  'routeDeviation',
  'vssFault',
  'fuelAbnormal',
  'stolen',
  'illegalIgnition',
  'illegalDisplacement',
  'collision',
  'rollover',
  'illegalDoorOpen',
];

/** Status bits that are said when they are set; fix, hemisphere and encryption go into fields of their own. */
export const statusBits: readonly (string | undefined)[] = [
  'acc',
  undefined,
  undefined,
  undefined,
  'outOfService',
  undefined,
  'frontCollisionWarning',
  'laneDeparture',
  undefined,
  undefined,
  'fuelCut',
  'powerCut',
  'doorLocked',
  'frontDoorOpen',
  'middleDoorOpen',
  'rearDoorOpen',
  'driverDoorOpen',
  'door5Open',
  'gps',
  'beidou',
  'glonass',
  'galileo',
  'moving',
];

/** Names of the bits that are set, in order; undefined when there are none. */
export function namesOf(word: number, names: readonly (string | undefined)[]): string[] | undefined {
  if (word === 0) return undefined;
  const set: string[] = [];
  for (let bit = 0; bit < 32; bit++)
    if ((word >>> bit) & 1) {
      const name = names[bit];
      if (name !== undefined) set.push(name);
    }
  return set.length > 0 ? set : undefined;
}
