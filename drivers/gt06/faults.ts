import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const gt06Codes = {
  'gt06.noise': {
    message: '{bytes} bytes are no GT06 packet.',
    help: 'Check that the device at this port speaks the GT06 protocol over TCP.',
  },
  'gt06.cut': {
    message: 'A packet ended in the middle.',
    help: 'The connection broke; what the device keeps it sends again.',
  },
  'gt06.crc': {
    message: 'The check sum is {given}, and the packet has {computed}.',
    help: 'Bytes were changed on the way, or the device is of a make that leaves the sum out; nothing of it was taken.',
  },
  'gt06.body': {
    message: 'The packet {type} is too short: {bytes} bytes.',
    help: 'The packet was set aside; report it with the model of the device.',
  },
  'gt06.place': {
    message: 'There is no place at {lat}, {lon}.',
    help: 'The report was set aside; look at the GNSS antenna of the device.',
  },
} as const satisfies Record<string, FaultEntry>;
