import { reduce } from '#firmware-config/scan-file/reduce';
import { chunkColumns } from '#firmware-config/scan-file/write';
import type { ScanCompleted } from '#flows/scan-events';

/** Longest side, pixels, and largest picture, bytes; smaller ones are tried until it fits. */
const longest = 480;
const maxBytes = 20_000;

type Thumbnail = NonNullable<ScanCompleted['thumbnail']>;

/**
 * A small grey picture of the first plane, by logarithm of the transmission as an operator sees it.
 * Gathered chunk by chunk, so that a scan is never in memory whole.
 */
export class ThumbnailMaker {
  readonly #rows: number;
  readonly #planes: number;
  readonly #air: number;
  readonly #step: number;
  readonly #columns: Uint8Array[] = [];

  /** `columns` is how many will come. */
  constructor(
    shape: { readonly rows: number; readonly planes: number; readonly air: number },
    columns: number,
  ) {
    this.#rows = shape.rows;
    this.#planes = shape.planes;
    this.#air = Math.max(2, shape.air);
    // A power of two, so that cells do not straddle chunks.
    const wanted = Math.floor(Math.log2(Math.max(columns, shape.rows) / longest));
    this.#step = 2 ** Math.min(Math.max(0, wanted), Math.log2(chunkColumns));
  }

  /** Whole chunks in order. */
  add(samples: Uint16Array): void {
    const columns = samples.length / (this.#rows * this.#planes);
    const small = reduce({ samples, rows: this.#rows, columns }, this.#planes, this.#step);
    const scale = 255 / Math.log(this.#air);
    for (let x = 0; x < small.columns; x += 1) {
      const from = x * this.#planes * small.rows;
      const column = small.samples.subarray(from, from + small.rows);
      this.#columns.push(
        Uint8Array.from(column, (value) => Math.min(255, Math.log(Math.max(1, value)) * scale)),
      );
    }
  }

  async make(): Promise<Thumbnail | undefined> {
    const width = this.#columns.length;
    const height = this.#columns[0]?.length ?? 0;
    if (width * height === 0) return undefined;
    const grey = new Uint8Array(width * height);
    this.#columns.forEach((column, x) => {
      for (let y = 0; y < height; y += 1) grey[y * width + x] = column[y] as number;
    });
    // Loaded with the first scan: a box without a scanner does without.
    const { default: sharp } = await import('sharp');
    const picture = sharp(grey, { raw: { width, height, channels: 1 } });
    for (let side = longest, quality = 70; side >= 60; side /= 1.5, quality -= 10) {
      const fitted = picture
        .clone()
        .resize({ width: Math.round(side), height: Math.round(side), fit: 'inside' });
      const bytes = await fitted.webp({ quality: Math.max(20, quality) }).toBuffer();
      if (bytes.length <= maxBytes) return { type: 'image/webp', data: bytes.toString('base64') };
    }
    return undefined;
  }
}
