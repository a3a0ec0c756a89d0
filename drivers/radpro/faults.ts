import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const radproCodes = {
  'radpro.noise': {
    message: 'A line is neither a request nor an answer.',
    help: 'Check the baud rate, and that nothing else speaks on the line.',
  },
  'radpro.toolong': {
    message: 'A line has more than {limit} bytes.',
    help: 'It was set aside; check that the line belongs to a dose meter.',
  },
  'radpro.unasked': {
    message: 'An answer came to no request.',
    help: 'It was withheld: nobody knows what it answers. Look whether something else asks on the same line.',
  },
  'radpro.refused': {
    message: 'The meter refused the request for {request}.',
    help: 'Its software does not know it: update it.',
  },
  'radpro.form': {
    message: 'What came has not the form of an answer to {request}.',
    help: 'It was withheld, and the line was brought into step anew.',
  },
  'radpro.order': {
    message: 'It is in doubt whether an answer belongs to {request}.',
    help: 'It was withheld, and the line was brought into step anew.',
  },
  'radpro.late': {
    message: 'No answer to {request} in time.',
    help: 'What comes of it later is thrown away; check the cable and that the meter is on.',
  },
} as const satisfies Record<string, FaultEntry>;
