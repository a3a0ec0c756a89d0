import { isPicture, type PictureStore } from '#flows/picture';
import type { FrameMessage, FrameSource, Pixels } from '#flows/scan';

/** Pixels of whatever has any: strips of scans, and pictures of cameras. */
export class Frames implements FrameSource {
  readonly #scans: FrameSource;
  readonly #pictures: PictureStore;

  constructor(scans: FrameSource, pictures: PictureStore) {
    this.#scans = scans;
    this.#pictures = pictures;
  }

  async read(frame: FrameMessage, before?: number): Promise<Pixels> {
    return isPicture(frame) ? this.#pictures.read(frame) : this.#scans.read(frame, before);
  }
}
