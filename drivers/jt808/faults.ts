import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const jt808Codes = {
  'jt808.noise': {
    message: '{bytes} bytes are no JT/T 808 packet.',
    help: 'Check that the device at this address speaks JT/T 808.',
  },
  'jt808.short': {
    message: 'A packet has {bytes} bytes, less than a header.',
    help: 'Bytes were lost on the way; the terminal repeats what is not answered.',
  },
  'jt808.cut': {
    message: 'A packet ended in the middle.',
    help: 'The connection broke; the terminal repeats what was not answered.',
  },
  'jt808.escape': {
    message: 'A packet has an escape that is none.',
    help: 'Bytes were changed on the way; the terminal repeats what is not answered.',
  },
  'jt808.check': {
    message: 'The check byte of a packet is wrong.',
    help: 'Bytes were changed on the way; the terminal repeats what is not answered.',
  },
  'jt808.flags': {
    message: 'The line does not begin and end with 7e.',
    help: 'Give one packet a line, as on the wire, with both flags.',
  },
  'jt808.length': {
    message: 'The header says {said} bytes of body, and there are {has}.',
    help: 'The packet was set aside; report it with the make of the terminal if it goes on.',
  },
  'jt808.encrypted': {
    message: 'The body is encrypted (method {method}).',
    help: 'Switch encryption off in the terminal and use a private network or VPN.',
  },
  'jt808.subpackage': {
    message: 'Sub-package {index} of {total} cannot be.',
    help: 'The packet was set aside; report it with the make of the terminal.',
  },
  'jt808.incomplete': {
    message: 'A message stayed incomplete: {have} of {total} sub-packages came.',
    help: 'The terminal was asked for the rest; look at its signal.',
  },
  'jt808.body': {
    message: 'The body of {id} cannot be read: {detail}.',
    help: 'The message was set aside; report it with the make of the terminal.',
  },
  'jt808.batch': {
    message: 'A batch says {said} locations, and {read} could be read.',
    help: 'What could be read was taken; report the packet with the make of the terminal.',
  },
  'jt808.place': {
    message: 'There is no place at {lat}, {lon}.',
    help: 'The report was set aside; look at the GNSS antenna of the terminal.',
  },
} as const satisfies Record<string, FaultEntry>;
