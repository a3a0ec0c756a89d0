/** Protocol numbers that this driver reads or answers; others are recognised as packets and left. */
export const types = {
  login: 0x01,
  location: 0x12,
  heartbeat: 0x13,
  /** Answer to a command, in a short and in a long packet. */
  answer: 0x15,
  alarm: 0x16,
  longAnswer: 0x21,
  location2: 0x22,
  heartbeat2: 0x23,
  alarm2: 0x26,
  alarm3: 0x27,
  command: 0x80,
  time: 0x8a,
  location4g: 0xa0,
  fence4g: 0xa3,
  alarm4g: 0xa4,
} as const;

/** Reports that begin with time and place. */
export const locations: ReadonlySet<number> = new Set([
  types.location,
  types.alarm,
  types.location2,
  types.alarm2,
  types.alarm3,
  types.location4g,
  types.fence4g,
  types.alarm4g,
]);

/** Reports with the terminal's state and an alarm behind the network's cell of variable length. */
export const withStatus: ReadonlySet<number> = new Set([types.alarm, types.alarm2, types.alarm3]);

/** What a terminal waits for an answer to. */
export const answered: ReadonlySet<number> = new Set([
  types.login,
  types.heartbeat,
  types.heartbeat2,
  types.alarm,
  types.alarm2,
  types.alarm3,
  types.alarm4g,
]);

/** Alarms by number, as the makers' documents name them and other decoders read them. */
export const alarms: Readonly<Record<number, string>> = {
  1: 'sos',
  2: 'powerCut',
  3: 'vibration',
  4: 'fenceEnter',
  5: 'fenceExit',
  6: 'overspeed',
  9: 'vibration',
  14: 'lowBattery',
  15: 'lowBattery',
  17: 'powerOff',
  19: 'tampering',
  20: 'door',
  35: 'fallDown',
  41: 'harshAcceleration',
  42: 'harshCornering',
  43: 'harshCornering',
  44: 'collision',
  48: 'harshBraking',
};
