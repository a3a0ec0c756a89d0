import type { PictureRing } from '#drivers/picture-ring';
import { isPicture } from '#flows/picture';
import type { FrameMessage, FrameSource, Pixels } from '#flows/scan';

/** Pixels of whatever has any: strips of scans, and pictures of cameras. */
export class Frames implements FrameSource {
  readonly #scans: FrameSource;
  readonly #pictures: PictureRing;

  constructor(scans: FrameSource, pictures: PictureRing) {
    this.#scans = scans;
    this.#pictures = pictures;
  }

  picture(frame: FrameMessage): Uint8Array | undefined {
    return isPicture(frame) && frame.bits === 8 ? this.#pictures.bytes(frame) : undefined;
  }

  async read(frame: FrameMessage, before?: number): Promise<Pixels> {
    return isPicture(frame) ? this.#pictures.read(frame) : this.#scans.read(frame, before);
  }
}
