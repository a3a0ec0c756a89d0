import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const teltonikaCodes = {
  'teltonika.noise': {
    message: '{bytes} bytes are neither a login nor an AVL packet.',
    help: 'Check that the device at this port speaks the Teltonika protocol over TCP.',
  },
  'teltonika.cut': {
    message: 'A packet ended in the middle.',
    help: 'The connection broke; the device sends the packet again.',
  },
  'teltonika.length': {
    message: 'A packet says that it has {bytes} bytes, and {limit} are the most.',
    help: 'Bytes were lost on the way; the device sends its packet again.',
  },
  'teltonika.crc': {
    message: 'The check sum is {given}, and the packet has {computed}.',
    help: 'Bytes were changed on the way; the packet was not acknowledged and comes again.',
  },
  'teltonika.codec': {
    message: 'Codec {codec} is not read here.',
    help: 'Set the device to codec 8, 8 Extended or 16; 12 is read for answers to commands.',
  },
  'teltonika.body': {
    message: 'The packet of codec {codec} is not as its codec says: {detail}.',
    help: 'What was whole was taken and the packet acknowledged; report it with the model of the device.',
  },
  'teltonika.place': {
    message: 'There is no place at {lat}, {lon}.',
    help: 'The record was set aside; look at the GNSS antenna of the device.',
  },
} as const satisfies Record<string, FaultEntry>;
