import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const n42Codes = {
  'n42.noise': {
    message: '{bytes} characters are no N42 document.',
    help: 'Check that the instrument at this address sends ANSI N42.42.',
  },
  'n42.cut': {
    message: 'A document ended in the middle.',
    help: 'What was whole was taken; the rest was lost with the connection or was never written.',
  },
  'n42.toolong': {
    message: 'An element has more than {limit} bytes.',
    help: 'The document was set aside from there on; report it with the make of the instrument.',
  },
  'n42.xml': {
    message: 'The document is no XML: {detail}.',
    help: 'It was set aside from there on: behind such a place values could be taken for those of another detector.',
  },
  'n42.channels': {
    message: 'The channels of a spectrum cannot be read: {detail}.',
    help: 'The spectrum was set aside; report it with the make of the instrument.',
  },
  'n42.field': {
    message: 'A measurement has a wrong {field}: {value}.',
    help: 'The measurement was set aside; report it with the make of the instrument.',
  },
} as const satisfies Record<string, FaultEntry>;
