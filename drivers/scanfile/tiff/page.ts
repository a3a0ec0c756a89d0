import { wordsOf } from '../words.ts';
import { type Directory, tag } from './directory.ts';
import { compressions } from './unpack.ts';

/** What is needed of a page to read its samples. */
export interface Page {
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 16;
  readonly samples: number;
  /** Each sample has blocks of its own. */
  readonly planar: boolean;
  readonly inverted: boolean;
  readonly fields: Directory;
}

const one = (fields: Directory, of: number, absent: number): number => fields.get(of)?.[0] ?? absent;

/** A page, or why it is not read. */
export function pageOf(fields: Directory): Page | { readonly unread: string } {
  const samples = one(fields, tag.samplesPerPixel, 1);
  const bits = one(fields, tag.bits, 1);
  const photometric = one(fields, tag.photometric, 1);
  if (photometric > 1) return { unread: 'colours' };
  if (samples < 1 || samples > 2) return { unread: `${samples} samples a pixel` };
  if (bits !== 16 && bits !== 8) return { unread: `samples of ${bits} bits` };
  if (fields.get(tag.bits)?.some((other) => other !== bits)) return { unread: 'samples of unequal bits' };
  if (one(fields, tag.sampleFormat, 1) !== 1) return { unread: 'signed or floating-point samples' };
  const compression = one(fields, tag.compression, 1);
  if (!compressions[compression]) return { unread: `compression ${compression}` };
  const predictor = one(fields, tag.predictor, 1);
  if (predictor !== 1 && predictor !== 2) return { unread: `predictor ${predictor}` };
  return {
    width: one(fields, tag.width, 0),
    height: one(fields, tag.height, 0),
    bits,
    samples,
    planar: one(fields, tag.planar, 1) === 2,
    inverted: photometric === 0,
    fields,
  };
}

interface Blocks {
  readonly width: number;
  readonly height: number;
  readonly offsets: readonly number[];
  readonly bytes: readonly number[];
  readonly tiled: boolean;
}

function blocksOf({ fields, width, height }: Page): Blocks {
  const tiles = fields.get(tag.tileOffsets);
  const rows = Math.min(height, one(fields, tag.rowsPerStrip, height));
  const blocks: Blocks = tiles
    ? {
        width: one(fields, tag.tileWidth, 0),
        height: one(fields, tag.tileHeight, 0),
        offsets: tiles,
        bytes: fields.get(tag.tileBytes) ?? [],
        tiled: true,
      }
    : {
        width,
        height: rows,
        offsets: fields.get(tag.stripOffsets) ?? [],
        bytes: fields.get(tag.stripBytes) ?? [],
        tiled: false,
      };
  if (blocks.width < 1 || blocks.height < 1) throw new RangeError('its blocks have no size');
  // A tile may be larger than the page, but not without bound: it is unpacked whole.
  if (blocks.width > width + 4096 || blocks.height > height + 4096)
    throw new RangeError('a tile is too large');
  return blocks;
}

/** Samples of a page, an array a sample. Throws RangeError where the file does not hold them. */
export function samplesOfPage(bytes: Uint8Array, page: Page, little: boolean): Uint16Array[] {
  const { width, height, samples, planar, fields } = page;
  const blocks = blocksOf(page);
  const across = Math.ceil(width / blocks.width);
  const each = across * Math.ceil(height / blocks.height);
  if (blocks.offsets.length < each * (planar ? samples : 1)) throw new RangeError('blocks are missing');
  const out = Array.from({ length: samples }, () => new Uint16Array(width * height));
  const inBlock = planar ? 1 : samples;
  for (const [index, offset] of blocks.offsets.slice(0, each * (planar ? samples : 1)).entries()) {
    const block = index % each;
    const x0 = (block % across) * blocks.width;
    const y0 = Math.floor(block / across) * blocks.height;
    const rows = blocks.tiled ? blocks.height : Math.min(blocks.height, height - y0);
    const values = blockValues(bytes, page, little, {
      offset,
      packedBytes: blocks.bytes[index] ?? 0,
      rowValues: blocks.width * inBlock,
      rows,
      step: one(fields, tag.predictor, 1) === 2 ? inBlock : 0,
    });
    for (let s = 0; s < inBlock; s++) {
      const plane = out[planar ? Math.floor(index / each) : s] as Uint16Array;
      for (let y = 0; y < Math.min(rows, height - y0); y++)
        if (inBlock === 1) {
          const from = y * blocks.width;
          plane.set(values.subarray(from, from + Math.min(blocks.width, width - x0)), (y0 + y) * width + x0);
        } else
          for (let x = 0; x < Math.min(blocks.width, width - x0); x++)
            plane[(y0 + y) * width + x0 + x] = values[(y * blocks.width + x) * inBlock + s] as number;
    }
  }
  return out;
}

interface Block {
  readonly offset: number;
  readonly packedBytes: number;
  readonly rowValues: number;
  readonly rows: number;
  /** Values between one and that which it is the difference to; 0: no prediction. */
  readonly step: number;
}

function blockValues(bytes: Uint8Array, page: Page, little: boolean, block: Block): Uint16Array {
  const { offset, packedBytes, rowValues, rows, step } = block;
  const count = rowValues * rows;
  if (offset + packedBytes > bytes.length) throw new RangeError('a block lies behind its end');
  const unpack = compressions[one(page.fields, tag.compression, 1)];
  const raw = unpack?.(bytes.subarray(offset, offset + packedBytes), (count * page.bits) / 8);
  if (!raw || raw.length < (count * page.bits) / 8) throw new RangeError('a block has too few samples');
  const whole = raw.subarray(0, (count * page.bits) / 8);
  const values = page.bits === 16 ? wordsOf(whole, little) : new Uint16Array(whole);
  if (step > 0) {
    const mask = page.bits === 16 ? 0xffff : 0xff;
    for (let row = 0; row < rows; row++)
      for (let i = row * rowValues + step; i < (row + 1) * rowValues; i++)
        values[i] = ((values[i] as number) + (values[i - step] as number)) & mask;
  }
  return values;
}
