import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const scanfileCodes = {
  'scanfile.noise': {
    message: '{bytes} bytes are no scan in a form that is known.',
    help: 'TIFF, DICOM part 10 and the scan container are told by themselves; for raw samples set `raw`.',
  },
  'scanfile.toolong': {
    message: 'A file has more than {limit} bytes.',
    help: 'It was set aside; raise maxScanBytes if it is meant to come.',
  },
  'scanfile.toolarge': {
    message: 'The picture is too large, or none: {detail}.',
    help: 'Nothing was unpacked; raise maxSamples if it is meant to come.',
  },
  'scanfile.cut': {
    message: 'The file ends too early: {detail}.',
    help: 'Nothing of it was taken; look at the program that writes it, and have it rename the whole file.',
  },
  'scanfile.form': {
    message: 'The {form} file is not as its form has it: {detail}.',
    help: 'Nothing of it was taken; report it with the make of the scanner.',
  },
  'scanfile.kind': {
    message: 'The {form} file is of a kind that is not read: {detail}.',
    help: 'Have the scanner write it without compression, as unsigned samples of at most 16 bits.',
  },
  'scanfile.digest': {
    message: 'The plane {plane} is not what was written: its SHA-256 is another.',
    help: 'Nothing of it was taken; bytes were changed on the way.',
  },
  'scanfile.facts': {
    message: 'What is said of the scan is wrong: {detail}.',
    help: 'Correct the side-car or `facts` of the node; the file was set aside.',
  },
  'scanfile.store': {
    message: 'The scan {scan} cannot be written: {detail}.',
    help: 'Look at the disk of the box; drop the file again when it is mended.',
  },
  'scanfile.nostore': {
    message: 'There is no place for scans.',
    help: 'Switch on the storage of scans in the config of the box.',
  },
} as const satisfies Record<string, FaultEntry>;
