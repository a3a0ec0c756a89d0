import type { Beam } from './beam.ts';
import { Scatter } from './blur.ts';
import { fanOf } from './fan.ts';
import type { ScannerProfile } from './scanner.ts';
import type { Solid } from './solids.ts';
import { type LineAreal, Tracer } from './trace.ts';

interface Primary {
  readonly line: LineAreal;
  readonly areal: Float32Array;
  readonly high: Float32Array;
  readonly low: Float32Array;
}

/** A line as it reaches the detector, scatter included, before anything that the detector does to it. */
export interface ProjectedLine {
  readonly line: LineAreal;
  readonly high: Float32Array;
  readonly low: Float32Array;
}

/** Projects solids line by line. What it gives is its own and holds until the next line. */
export class Projector {
  readonly tracer: Tracer;
  readonly #beam: Beam;
  readonly #scanner: ScannerProfile;
  readonly #scatter: Scatter;
  readonly #seen: ProjectedLine['high'];
  readonly #seenLow: ProjectedLine['low'];
  #now: Primary;
  #before: Primary;

  constructor(solids: readonly Solid[], scanner: ScannerProfile, beam: Beam, pixelMm: number) {
    const fan = fanOf(scanner, pixelMm);
    this.tracer = new Tracer(solids, fan, beam);
    this.#beam = beam;
    this.#scanner = scanner;
    this.#scatter = new Scatter(fan.rows, scanner.scatter.sigmaMm / pixelMm);
    this.#seen = new Float32Array(fan.rows);
    this.#seenLow = new Float32Array(fan.rows);
    this.#now = this.#empty();
    this.#before = this.#empty();
  }

  /** The mean over x0..x1, mm. */
  at(x0: number, x1: number, seen?: Parameters<Tracer['line']>[3]): ProjectedLine {
    const now = this.#before;
    const before = this.#now;
    this.tracer.line(x0, x1, now.line, seen);
    this.#beam.transmit(now.areal, this.tracer.fan.rows, now, before);
    this.#now = now;
    this.#before = before;
    const { perThickness, floor } = this.#scanner.scatter;
    this.#seen.set(now.high);
    this.#seenLow.set(now.low);
    this.#scatter.add(this.#seen, perThickness, floor);
    this.#scatter.add(this.#seenLow, perThickness, floor);
    return { line: now.line, high: this.#seen, low: this.#seenLow };
  }

  /** Air; as the line before it is none, as no ray of air is looked up. */
  #empty(): Primary {
    const { rows } = this.tracer.fan;
    const line = this.tracer.newLine();
    const air = () => new Float32Array(rows).fill(1);
    return { line, areal: line.basis, high: air(), low: air() };
  }
}
