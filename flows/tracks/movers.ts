import { cellOf, Turns } from './turns.ts';

/** Side of the cells in which ways are learned, metres, and by what share of it a vehicle has to be outside of one. */
const cellM = 250;
const depth = 0.2;
/** A way is looked at every so many metres. */
const strideM = 50;
/** Cells that are remembered of each way: a power of two. */
const kept = 8;
/** Who is farther from where it was is somewhere else: nothing is known of the way between, metres of the plane. */
const farthestM = kept * cellM;

/** What a checkpoint holds of one vehicle. */
export interface MoverRecord {
  readonly x: number;
  readonly y: number;
  /** Snapshot that the place is of. */
  readonly at: number;
  readonly speed: number;
  readonly stretch: number;
  /** Cells that it came into, and the latest of them. */
  readonly entered: number;
  readonly cx: number;
  readonly cy: number;
  readonly cells: number[];
  /** How unlikely it was by chance to go the same way into each, nats. */
  readonly nats: number[];
}

/** A vehicle at a snapshot, on the plane. */
export interface Place {
  /** Its number. */
  readonly mover: number;
  readonly x: number;
  readonly y: number;
  /** Metres of the plane a second. */
  readonly vx: number;
  readonly vy: number;
  /** Metres of the plane to a metre on the ground. */
  readonly stretch: number;
}

type Column = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** The same column with room for twice as many. */
function longer<T extends Column>(old: T): T {
  const column =
    old instanceof Int32Array ? new Int32Array(2 * old.length) : new Float64Array(2 * old.length);
  column.set(old);
  return column as T;
}

/**
 * Vehicles by number, in columns: fifty thousand objects would be as many misses of the cache at every look. Each has its
 * place and the cells of its way.
 */
export class Movers {
  readonly turns = new Turns();
  readonly names: string[] = [];
  x = new Float64Array(64);
  y = new Float64Array(64);
  vx = new Float64Array(64);
  vy = new Float64Array(64);
  speed = new Float64Array(64);
  stretch = new Float64Array(64);
  at = new Int32Array(64);
  entered = new Int32Array(64);
  #cx = new Int32Array(64);
  #cy = new Int32Array(64);
  #cells = new Float64Array(64 * kept);
  #nats = new Float64Array(64 * kept);
  readonly #numbers = new Map<string, number>();
  #free: number[] = [];

  /** Number of a vehicle, for as long as it is not forgotten. */
  take(device: string): number {
    const known = this.#numbers.get(device);
    if (known !== undefined) return known;
    const id = this.#free.pop() ?? this.names.length;
    if (id >= this.at.length) this.#grow();
    this.names[id] = device;
    this.#numbers.set(device, id);
    this.entered[id] = 0;
    this.at[id] = -2;
    return id;
  }

  #grow(): void {
    [this.x, this.y, this.vx, this.vy] = [longer(this.x), longer(this.y), longer(this.vx), longer(this.vy)];
    [this.speed, this.stretch] = [longer(this.speed), longer(this.stretch)];
    [this.#cells, this.#nats] = [longer(this.#cells), longer(this.#nats)];
    [this.#cx, this.#cy, this.at] = [longer(this.#cx), longer(this.#cy), longer(this.at)];
    this.entered = longer(this.entered);
  }

  /** Moves a vehicle to its place at a snapshot and learns the turns on the way. */
  move({ mover: id, x, y, vx, vy, stretch }: Place, snapshot: number): void {
    const [ex, ey] = [x - (this.x[id] as number), y - (this.y[id] as number)];
    const gone = (this.at[id] as number) < snapshot - 1 || Math.abs(ex) + Math.abs(ey) > farthestM;
    if (gone && this.cell(id, 0) !== 0) this.#enter(id, 0);
    this.#enterCells(id, gone ? x : (this.x[id] as number), gone ? y : (this.y[id] as number), x, y);
    this.x[id] = x;
    this.y[id] = y;
    this.vx[id] = vx;
    this.vy[id] = vy;
    this.at[id] = snapshot;
    this.speed[id] = Math.sqrt(vx * vx + vy * vy);
    this.stretch[id] = stretch;
  }

  /**
   * Where a vehicle goes from its last place to the next, cell by cell. It leaves a row or column of cells when it is well
   * outside of it: a street along their border is in one of them for as long as it is driven along.
   */
  #enterCells(id: number, fromX: number, fromY: number, x: number, y: number): void {
    const [dx, dy] = [(x - fromX) / cellM, (y - fromY) / cellM];
    const steps = Math.max(1, Math.ceil((Math.sqrt(dx * dx + dy * dy) * cellM) / strideM));
    let cx = this.#cx[id] as number;
    let cy = this.#cy[id] as number;
    let known = this.cell(id, 0) !== 0;
    for (let i = 1; i <= steps; i++) {
      const px = fromX / cellM + (dx * i) / steps;
      const py = fromY / cellM + (dy * i) / steps;
      const inColumn = known && px > cx - depth && px < cx + 1 + depth;
      const inRow = known && py > cy - depth && py < cy + 1 + depth;
      if (inColumn && inRow) continue;
      if (!inColumn) cx = Math.floor(px);
      if (!inRow) cy = Math.floor(py);
      this.#enter(id, cellOf(cx, cy));
      known = true;
    }
    this.#cx[id] = cx;
    this.#cy[id] = cy;
  }

  #enter(id: number, cell: number): void {
    const entered = this.entered[id] as number;
    const before = this.cell(id, 1);
    const nats = before !== 0 && cell !== 0 ? this.turns.take(before, this.cell(id, 0), cell) : 0;
    const slot = id * kept + (entered & (kept - 1));
    this.#cells[slot] = cell;
    this.#nats[slot] = nats;
    this.entered[id] = entered + 1;
  }

  /** The cell that a vehicle came into so many cells ago; 0: not known. */
  cell(id: number, back: number): number {
    const entered = this.entered[id] as number;
    if (back >= entered || back >= kept) return 0;
    return this.#cells[id * kept + ((entered - 1 - back) & (kept - 1))] as number;
  }

  nats(id: number, back: number): number {
    return this.#nats[id * kept + (((this.entered[id] as number) - 1 - back) & (kept - 1))] as number;
  }

  /** Whether two came into the same cell, from the same one, so many cells ago. */
  same(one: number, back: number, other: number, there: number): boolean {
    const before = this.cell(one, back + 1);
    if (before === 0 || before !== this.cell(other, there + 1)) return false;
    return this.cell(one, back) === this.cell(other, there);
  }

  /** How many cells ago the other came the way that this one came `back` cells ago; -1: it did not. */
  meetingOf(one: number, back: number, other: number): number {
    for (let there = 0; there < kept - 1; there++) if (this.same(one, back, other, there)) return there;
    return -1;
  }

  record(id: number): MoverRecord {
    const count = Math.min(kept, this.entered[id] as number);
    const back = Array.from({ length: count }, (_, i) => count - 1 - i);
    return {
      x: this.x[id] as number,
      y: this.y[id] as number,
      at: this.at[id] as number,
      speed: this.speed[id] as number,
      stretch: this.stretch[id] as number,
      entered: this.entered[id] as number,
      cx: this.#cx[id] as number,
      cy: this.#cy[id] as number,
      cells: back.map((n) => this.cell(id, n)),
      nats: back.map((n) => this.nats(id, n)),
    };
  }

  restore(device: string, record: MoverRecord): void {
    const id = this.take(device);
    this.x[id] = record.x;
    this.y[id] = record.y;
    this.at[id] = record.at;
    this.speed[id] = record.speed;
    this.stretch[id] = record.stretch;
    this.entered[id] = record.entered;
    this.#cx[id] = record.cx;
    this.#cy[id] = record.cy;
    record.cells.forEach((cell, i) => {
      const slot = id * kept + ((record.entered - record.cells.length + i) & (kept - 1));
      this.#cells[slot] = cell;
      this.#nats[slot] = record.nats[i] ?? 0;
    });
  }

  /** Its number is another's soon: nothing may hold it any more. */
  forget(device: string): void {
    const id = this.#numbers.get(device);
    if (id === undefined) return;
    this.#numbers.delete(device);
    this.#free.push(id);
  }
}
