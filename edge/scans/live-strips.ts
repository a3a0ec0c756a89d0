import { reduce } from '#firmware-config/scan-file/reduce';
import type { LiveStrip } from '#flows/scan-wire';
import type { Growth } from './scans.ts';

/** Columns that are reduced at a time: every step divides it, so that cells do not straddle strips. */
const blockColumns = 64;
/** Steps from the finest to the coarsest. */
const steps = [2, 4, 8, 16] as const;
/** Strips on their way to the hub: beyond, they are dropped, so that a slow link is never full of them. */
const maxUnanswered = 3;
/** Strips in a row that came through before a finer step is tried. */
const patience = 60;
/** Scans that are gathered at the same time. */
const maxScans = 8;

type Header = Omit<LiveStrip, 'kind'>;

export interface StripWorld {
  /** Whether somebody looks at the scan. */
  watched(scan: string): boolean;
  /** False when the link has no room for it. */
  send(header: Header, samples: Uint16Array): boolean;
}

/**
 * Scans as they come, for whoever looks on: reduced, and as coarse as the link is slow. Nothing waits for
 * a link: what it is too slow for is dropped and counted, and the full scan is fetched later.
 */
export class LiveStrips {
  readonly #world: StripWorld;
  readonly #blocks = new Map<string, { column0: number; columns: number; samples: Uint16Array }>();
  #number = 0;
  #answered = 0;
  #skipped = 0;
  #through = 0;
  #step = 1;

  constructor(world: StripWorld) {
    this.#world = world;
  }

  take({ record, column0, samples }: Growth): void {
    if (!this.#world.watched(record.scan)) {
      this.#blocks.delete(record.scan);
      return;
    }
    const stride = record.rows * record.planes.length;
    const columns = samples.length / stride;
    for (let done = 0; done < columns; ) {
      const block = this.#block(record.scan, stride, column0 + done);
      const taken = Math.min(columns - done, blockColumns - (block.column0 % blockColumns) - block.columns);
      block.samples.set(samples.subarray(done * stride, (done + taken) * stride), block.columns * stride);
      block.columns += taken;
      done += taken;
      if ((block.column0 + block.columns) % blockColumns === 0) this.#send(record, block);
    }
  }

  /** The last columns of a scan. */
  end(record: Growth['record']): void {
    const block = this.#blocks.get(record.scan);
    if (block && block.columns > 0) this.#send(record, block);
    this.#blocks.delete(record.scan);
  }

  acknowledged(upto: number): void {
    if (upto <= this.#number) this.#answered = Math.max(this.#answered, upto);
  }

  /** What was on its way is lost with the link. */
  restart(): void {
    this.#answered = this.#number;
  }

  #block(scan: string, stride: number, column0: number) {
    const known = this.#blocks.get(scan);
    if (known && known.column0 + known.columns === column0) return known;
    const [oldest] = this.#blocks.keys();
    if (!known && this.#blocks.size >= maxScans && oldest !== undefined) this.#blocks.delete(oldest);
    const samples = known?.samples ?? new Uint16Array(blockColumns * stride);
    const block = { column0, columns: 0, samples };
    this.#blocks.set(scan, block);
    return block;
  }

  #send(record: Growth['record'], block: { column0: number; columns: number; samples: Uint16Array }): void {
    const { rows, planes, scan } = record;
    const step = steps[this.#step] as number;
    // Somebody began to look in mid-block: the first cell must begin where cells begin.
    const cut = (step - (block.column0 % step)) % step;
    const columns = block.columns - cut;
    const column0 = block.column0 + cut;
    const samples = block.samples.subarray(cut * rows * planes.length, block.columns * rows * planes.length);
    block.column0 += block.columns;
    block.columns = 0;
    if (columns <= 0) return;
    if (this.#number - this.#answered >= maxUnanswered) {
      this.#drop();
      return;
    }
    const small = reduce({ samples, rows, columns }, planes.length, step);
    const header: Header = {
      scan,
      number: this.#number + 1,
      skipped: this.#skipped,
      column0,
      columns: small.columns,
      rows: small.rows,
      planes,
      step,
    };
    if (!this.#world.send(header, small.samples)) {
      this.#drop();
      return;
    }
    this.#number += 1;
    this.#skipped = 0;
    this.#through += 1;
    if (this.#through >= patience && this.#step > 0) {
      this.#step -= 1;
      this.#through = 0;
    }
  }

  #drop(): void {
    this.#skipped += 1;
    if (this.#through > 0 || this.#skipped % 8 === 0) {
      this.#step = Math.min(this.#step + 1, steps.length - 1);
    }
    this.#through = 0;
  }
}
