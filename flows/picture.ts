import type { Static } from 'typebox';
import type { FrameHandle } from './message.ts';
import type { FrameMessage, Pixels } from './scan.ts';

/** What `data.file` of a single picture begins with; scans are files of other names. */
export const picturePrefix = 'picture/';

/** A picture of a camera, and no strip of a scan. */
export const isPicture = (frame: FrameMessage): boolean => frame.data.file.startsWith(picturePrefix);

/** Where drivers put single pictures and stages read them: held for as long as there is room, which is seconds. */
export interface PictureStore {
  /** Rows from the top, in a row from left to right, the planes of a pixel side by side; 16 bits high byte first. */
  put(bytes: Uint8Array): Static<typeof FrameHandle>;
  /** The picture as it was put, in the order of `Pixels`. Throws a Fault (`picture.missing`) when it is gone. */
  read(frame: FrameMessage): Pixels;
}
