import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const linescanCodes = {
  'linescan.noise': {
    message: '{bytes} bytes are no line of a scanner.',
    help: 'Check that the scanner at this address sends version 1 of the line record.',
  },
  'linescan.damaged': {
    message: 'A line has a wrong check sum.',
    help: 'It was left out and filled in from its neighbours; bytes were changed on the way.',
  },
  'linescan.cut': {
    message: 'A line ended in the middle.',
    help: 'The connection broke; the scan was ended as cut.',
  },
  'linescan.field': {
    message: 'A line has a wrong {field}: {value}.',
    help: 'The line was left out; report it with the make of the scanner.',
  },
  'linescan.scanner': {
    message: 'Lines of the scanner {scanner} came where {expected} is heard.',
    help: 'One connection is one scanner: check the address, or `devices` of the node.',
  },
  'linescan.detectors': {
    message: 'A line has {has} detector elements instead of {expected}.',
    help: 'The line was left out; set `detectors` to what the scanner has.',
  },
  'linescan.late': {
    message: 'Lines of the scan {scan} came after its end.',
    help: 'They were left out; look at the limits of a scan if this goes on.',
  },
  'linescan.empty': {
    message: 'The scan {scan} ended without a picture: {detail}.',
    help: 'Look whether the object moved and whether the encoder counts.',
  },
  'linescan.encoder': {
    message: 'The encoder stands still and the scanner says {speed} m/s.',
    help: 'Columns are placed by the speed until it counts again; check the encoder.',
  },
  'linescan.plane': {
    message: 'No lines of the {plane} energy came for {millimetres} mm.',
    help: 'Its columns are empty and the strips are marked bad; check the source, and `energiesMv`.',
  },
  'linescan.store': {
    message: 'The scan {scan} cannot be written: {detail}.',
    help: 'No more of it is given; look at the disk of the box.',
  },
  'linescan.nostore': {
    message: 'There is no place for scans.',
    help: 'Switch on the storage of scans in the config of the box.',
  },
} as const satisfies Record<string, FaultEntry>;
