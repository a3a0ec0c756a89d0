import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const jt701Codes = {
  'jt701.noise': {
    message: '{bytes} bytes are neither a binary nor a text frame of a lock.',
    help: 'Check that the lock at this port speaks the JT701 protocol over TCP.',
  },
  'jt701.cut': {
    message: 'A frame ended in the middle.',
    help: 'The connection broke; what asks for confirmation comes again.',
  },
  'jt701.body': {
    message: 'The {type} frame is not as the protocol has it: {detail}.',
    help: 'The frame was set aside; the protocol has no check sum, so bytes may have been changed on the way.',
  },
  'jt701.place': {
    message: 'There is no place at {lat}, {lon}.',
    help: 'The report was set aside; look at the GNSS antenna of the lock.',
  },
} as const satisfies Record<string, FaultEntry>;
