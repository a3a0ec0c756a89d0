import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const cameraCodes = {
  'camera.noise': {
    message: '{bytes} bytes are no picture.',
    help: 'Pictures are read as PGM or PPM; look at what the camera sends.',
  },
  'camera.toolarge': {
    message: 'A picture of {width} x {height} is over the limit.',
    help: 'Raise `maxWidth` and `maxHeight` if it is meant to come.',
  },
  'camera.cut': {
    message: 'A picture ended in the middle.',
    help: 'The camera or its decoder went away; it is started again by itself.',
  },
  'camera.dropped': {
    message: '{count} pictures were dropped while the flow had no room.',
    help: 'The newest is kept. Lower `fps`, or look at what is slow behind the camera.',
  },
  'camera.late': {
    message: 'A picture was dropped: by its stream it came {seconds} s late.',
    help: 'Its decoder does not keep up: lower `fps`, or look at what else takes the processor. The camera is opened anew when none comes in time.',
  },
  'camera.ffmpeg': {
    message: 'ffmpeg cannot be run: {detail}.',
    help: 'Install it (Debian: apt install ffmpeg).',
  },
  'camera.ended': {
    message: 'The camera {address} is not to be had: {detail}.',
    help: 'Check address, user and password, and that it is on; it is tried again by itself.',
  },
  'picture.missing': {
    message: 'The picture {file} is not held any more.',
    help: 'Pictures are held for seconds: the stage that wanted it is slower than the camera.',
  },
} as const satisfies Record<string, FaultEntry>;
