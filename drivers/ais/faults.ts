import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const aisCodes = {
  'ais.noise': {
    message: '{bytes} bytes are no AIS sentence.',
    help: 'Check baud rate (AIS receivers use 38400), wiring and address if it goes on.',
  },
  'ais.toolong': {
    message: 'A sentence has more than {limit} bytes.',
    help: 'Check baud rate and wiring if it goes on.',
  },
  'ais.cut': {
    message: 'A sentence ended in the middle.',
    help: 'Bytes were lost on the way: check the line and its load.',
  },
  'ais.checksum': {
    message: 'The checksum is {given}, and the sentence has {computed}.',
    help: 'Bytes were changed on the way: check wiring and baud rate.',
  },
  'ais.sentence': {
    message: 'A sentence cannot be read: {detail}.',
    help: 'The sentence was set aside; report it with the make of the receiver.',
  },
  'ais.tag': {
    message: 'A tag block cannot be read: {detail}.',
    help: 'The sentence behind it was read without it; look at the multiplexer that adds the tags.',
  },
  'ais.incomplete': {
    message: 'A message stayed incomplete: {have} of {total} sentences came.',
    help: 'Sentences were lost on the air or on the way: look at antenna, line and network.',
  },
  'ais.length': {
    message: 'A message of type {type} has {bits} bits.',
    help: 'It was damaged on the air, or its sender is not to the standard: nothing of it was taken.',
  },
  'ais.type': {
    message: 'There is no message of type {type}.',
    help: 'It was damaged on the air, or is of a later standard: nothing of it was taken.',
  },
  'ais.place': {
    message: 'There is no place at {lat}, {lon}.',
    help: 'The report was set aside: it was damaged on the air, or its transponder is wrong.',
  },
} as const satisfies Record<string, FaultEntry>;
