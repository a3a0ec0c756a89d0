/** Bytes of one piece of shared memory. */
const segmentBytes = 8_000_000;
/** Columns at the end of a piece that the next one begins with, so that a strip and what is before it lie together. */
const overlapColumns = 256;

interface Segment {
  readonly scan: string;
  readonly samples: Uint16Array<SharedArrayBuffer>;
  readonly stride: number;
  readonly column0: number;
  columns: number;
}

/**
 * The newest columns of all scans in shared memory. A column is written once and never again, so that
 * whoever was given a view may read it for as long as it likes; when the budget is used up the oldest
 * pieces are let go.
 */
export class ColumnMemory {
  readonly #maxBytes: number;
  #segments: Segment[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** `stride` is the samples of a column; `column0` follows the columns that were added before. */
  add(scan: string, stride: number, column0: number, samples: Uint16Array): void {
    const columns = samples.length / stride;
    let segment = this.#segments.findLast((one) => one.scan === scan);
    if (!segment || (segment.columns + columns) * stride > segment.samples.length) {
      segment = this.#next({ scan, stride, column0 }, columns, segment);
    }
    segment.samples.set(samples, segment.columns * stride);
    segment.columns += columns;
  }

  #next(of: Pick<Segment, 'scan' | 'stride' | 'column0'>, columns: number, before?: Segment): Segment {
    const { stride } = of;
    const carried = Math.min(before?.columns ?? 0, overlapColumns);
    const room = Math.max(segmentBytes, (columns + carried) * stride * 2);
    const samples = new Uint16Array(new SharedArrayBuffer(room - (room % (stride * 2))));
    if (before) {
      const from = (before.columns - carried) * stride;
      samples.set(before.samples.subarray(from, before.columns * stride));
    }
    const segment: Segment = { ...of, samples, column0: of.column0 - carried, columns: carried };
    this.#segments.push(segment);
    this.#bytes += samples.byteLength;
    while (this.#bytes > this.#maxBytes && this.#segments.length > 1) this.#drop(this.#segments[0]);
    return segment;
  }

  /** A view of columns `from` to `to` (exclusive); undefined when they do not lie together here any more. */
  view(scan: string, from: number, to: number): Uint16Array<SharedArrayBuffer> | undefined {
    const segment = this.#segments.findLast(
      (one) => one.scan === scan && one.column0 <= from && to <= one.column0 + one.columns,
    );
    if (!segment) return undefined;
    const { samples, stride, column0 } = segment;
    return samples.subarray((from - column0) * stride, (to - column0) * stride);
  }

  /** The scan is a file: its columns need not be here. */
  forget(scan: string): void {
    for (const segment of this.#segments.filter((one) => one.scan === scan)) this.#drop(segment);
  }

  #drop(segment: Segment | undefined): void {
    if (!segment) return;
    this.#segments = this.#segments.filter((one) => one !== segment);
    this.#bytes -= segment.samples.byteLength;
  }
}
