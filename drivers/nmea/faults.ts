import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const nmeaCodes = {
  'nmea.noise': {
    message: '{bytes} bytes are no NMEA sentence.',
    help: 'Check baud rate and wiring if it goes on.',
  },
  'nmea.toolong': {
    message: 'A sentence has more than {limit} bytes.',
    help: 'Check baud rate and wiring if it goes on.',
  },
  'nmea.cut': {
    message: 'A sentence ended in the middle.',
    help: 'Bytes were lost on the way: check the line and its load.',
  },
  'nmea.checksum': {
    message: 'The checksum is {given}, and the sentence has {computed}.',
    help: 'Bytes were changed on the way: check wiring and baud rate.',
  },
  'nmea.nochecksum': {
    message: 'The sentence has no checksum.',
    help: 'Switch checksums on in the receiver: nothing shows that such a sentence is whole.',
  },
  'nmea.field': {
    message: 'The sentence {sentence} has a wrong {field}: {value}.',
    help: 'The sentence was set aside; report it with the make of the receiver.',
  },
} as const satisfies Record<string, FaultEntry>;
