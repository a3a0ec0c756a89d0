import type { PictureRing } from '#drivers/picture-ring';
import { isPicture } from '#flows/picture';
import type { Resources } from '#flows/stage';

/** Small JPEGs of cameras' pictures; `sharp` is loaded with the first. */
export const thumbnailsOf = (pictures: PictureRing): NonNullable<Resources['thumbnails']> => ({
  async jpeg(frame, widthPx) {
    if (!isPicture(frame) || frame.bits !== 8) return '';
    const { width, height, planes } = frame;
    // Copied before anything is awaited: the ring goes on.
    const bytes = Uint8Array.from(pictures.bytes(frame));
    const { default: sharp } = await import('sharp');
    const channels = planes.length === 1 ? 1 : 3;
    const small = await sharp(bytes, { raw: { width, height, channels } })
      .resize(widthPx)
      .jpeg({ quality: 60 })
      .toBuffer();
    return small.toString('base64');
  },
});
