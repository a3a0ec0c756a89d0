import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const spectrometerCodes = {
  'spectrum.noise': {
    message: '{bytes} bytes are no spectrum in a form that is known.',
    help: 'JCAMP-DX, SPC, ASD, CSV and the framed form are read; set `format` if it is one of them.',
  },
  'spectrum.cut': {
    message: 'A spectrum ended in the middle: {detail}.',
    help: 'Nothing of it was taken. Check the line, or the program that writes the file.',
  },
  'spectrum.toolong': {
    message: 'A spectrum has more than {limit} bytes.',
    help: 'It was set aside; raise maxSpectrumBytes if it is meant to come.',
  },
  'spectrum.check': {
    message: 'The check sum is {given}, and the frame has {computed}.',
    help: 'Bytes were changed on the way: check the line.',
  },
  'spectrum.form': {
    message: 'The {format} spectrum is not as its form has it: {detail}.',
    help: 'It was set aside; report it with the make of the instrument.',
  },
} as const satisfies Record<string, FaultEntry>;
