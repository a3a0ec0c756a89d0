import type { Problem } from '#flows/fault';
import { Fault } from '#flows/fault';
import type { Message } from '#flows/message';
import {
  airLevel,
  type FrameMessage,
  type ScanAttributes,
  type ScanStore,
  type ScanWriter,
} from '#flows/scan';
import { sha256Hex } from '#flows/trust/canonical';
import { faults } from '../faults.ts';
import type { Calibration } from './calibration.ts';
import { type ColumnFacts, Columns, type PlacedLine } from './columns.ts';
import { type LinescanConfig, planesOf } from './config.ts';
import type { Line } from './decode.ts';
import { Dying } from './dying.ts';
import { Travel } from './travel.ts';

type Lines = ScanAttributes['lines'];
export type ScanEnd = NonNullable<ScanAttributes['end']>;

export interface PictureOptions {
  /** Identity of the scan, unique on the box. */
  readonly id: string;
  readonly config: LinescanConfig;
  readonly calibration: Calibration;
  readonly scans: ScanStore;
  /** Counts of the scan, kept up by its owner. */
  readonly lines: Lines;
  readonly started: string;
  problem(problem: Problem): void;
}

/** Share of a strip between lines with others missing from which it is suspect. */
const suspectFilled = 0.25;
/** Handle of no columns at all. */
const noPixels = { file: '', offset: 0, sha256: sha256Hex('') };
/** Speed below which the object stands, m/s. */
const standingMps = 0.02;

export const isoOf = (timeNs: bigint): string => new Date(Number(timeNs / 1_000_000n)).toISOString();
const msOf = (timeNs: bigint): number => Number(timeNs / 1000n) / 1000;

interface Drawn extends PlacedLine {
  line: number;
  mm: number;
  ms: number;
}

/** The object's lines of one scan on their way to strips. */
export class Picture {
  readonly #options: PictureOptions;
  readonly #planes: readonly string[];
  readonly #columns: Columns;
  readonly #travel: Travel;
  readonly #dying: Dying;
  readonly #state: ScanAttributes['calibration'];
  /** Of each plane: the line before, and the place for the next. */
  readonly #before: (Drawn | undefined)[];
  readonly #next: Drawn[];
  readonly #samples: Uint16Array;
  #writer: ScanWriter | undefined;
  #out: Message[] = [];
  #furthestMm = 0;
  #last: Line;
  #told = new Set<string>();
  #failed = false;

  constructor(options: PictureOptions, first: Line) {
    const { config, calibration } = options;
    this.#options = options;
    this.#last = first;
    this.#planes = planesOf(config);
    const planes = this.#planes.length;
    const rows = calibration.elements;
    this.#columns = new Columns(
      { rows, planes, stripColumns: config.stripColumns, pixelMm: config.pixelMm },
      () => this.#give(config.stripColumns, undefined),
    );
    this.#travel = new Travel(config.pixelMm);
    this.#dying = new Dying(rows, planes);
    calibration.settle();
    this.#state = calibration.state(first.timeNs);
    this.#before = this.#planes.map(() => undefined);
    this.#next = this.#planes.map(() => ({ line: -1, mm: 0, ms: 0, values: new Float32Array(rows) }));
    this.#samples = new Uint16Array(config.stripColumns * planes * rows);
  }

  /** Why the scan has to be ended now, if it has. */
  get limit(): boolean {
    return this.#furthestMm > this.#options.config.maxLengthM * 1000;
  }

  /** Takes a line of the object; gives the strips that became whole. */
  take(line: Line, plane: number): Message[] {
    const { calibration, config } = this.#options;
    this.#last = line;
    const mm = this.#travel.at(line);
    if (this.#travel.frozen) this.#tell('linescan.encoder', { speed: line.speedMps.toFixed(2) });
    const next = this.#next[plane] as Drawn;
    if (!calibration.transmit(line, plane, next.values)) {
      this.#options.lines.lost++;
      return [];
    }
    next.line = line.line;
    next.mm = mm;
    next.ms = msOf(line.timeNs);
    this.#dying.see(line.samples, next.values, plane, calibration.bad);
    const halted = mm < this.#furthestMm - config.pixelMm / 2 || Math.abs(line.speedMps) < standingMps;
    this.#furthestMm = Math.max(this.#furthestMm, mm);
    this.#columns.note(mm, line.samples.length, calibration.saturated, halted);
    const before = this.#before[plane];
    if (before && mm > this.#columns.drawnMm(plane))
      this.#columns.draw(plane, before, next, line.line - before.line > this.#planes.length);
    this.#next[plane] = before ?? { ...next, values: new Float32Array(next.values.length) };
    this.#before[plane] = next;
    while (this.#columns.ready) this.#give(config.stripColumns, undefined);
    return this.#taken();
  }

  /** Gives what is left, and closes the scan. */
  end(end: ScanEnd): Message[] {
    const { id, config, calibration, lines } = this.#options;
    for (let left = this.#columns.left(); left > 0; left = this.#columns.left())
      this.#give(Math.min(left, config.stripColumns), left <= config.stripColumns ? end : undefined);
    if (this.#columns.base === 0) {
      const detail = `${lines.received} lines, ${Math.round(this.#furthestMm)} mm`;
      this.#options.problem(faults.problem('linescan.empty', { scan: id, detail }));
      this.#nothing(end);
    }
    const facts = {
      lines: { ...lines },
      calibration: this.#state,
      badPixels: calibration.bad.count,
      ended: isoOf(this.#last.timeNs),
    };
    this.#guarded(() => this.#writer?.close(end, facts));
    return this.#taken();
  }

  #taken(): Message[] {
    const out = this.#out;
    if (out.length > 0) this.#out = [];
    return out;
  }

  #tell(code: 'linescan.encoder' | 'linescan.plane', fields: Record<string, string | number>): void {
    if (this.#told.has(code)) return;
    this.#told.add(code);
    this.#options.problem(faults.problem(code, fields, this.#options.id));
  }

  /** Hands on the first columns that are held. */
  #give(columns: number, end: ScanEnd | undefined): void {
    const { calibration, config } = this.#options;
    this.#dying.judge(calibration.bad);
    const facts = this.#columns.facts(columns, msOf(this.#last.timeNs));
    if (facts.empty) {
      const plane = [...this.#planes.keys()].sort(
        (a, b) => this.#columns.drawnMm(a) - this.#columns.drawnMm(b),
      )[0] as number;
      this.#tell('linescan.plane', {
        plane: this.#planes[plane] as string,
        millimetres: columns * config.pixelMm,
      });
    }
    const samples = this.#samples.subarray(0, columns * this.#planes.length * calibration.elements);
    this.#columns.samples(columns, calibration.bad, samples);
    this.#guarded(() => {
      this.#writer ??= this.#open();
      this.#out.push(this.#frame(columns, this.#writer.append(samples), facts, end));
    });
    this.#columns.shift(columns);
  }

  /** A scan that cannot be written gives no more strips, and is told once. */
  #guarded(run: () => void): void {
    if (this.#failed) return;
    try {
      run();
    } catch (error) {
      this.#failed = true;
      const detail = error instanceof Fault ? error.problem.message : String(error);
      this.#options.problem(faults.problem('linescan.store', { scan: this.#options.id, detail }));
    }
  }

  /** A strip without columns: who judges scans has to hear of one that cannot be judged. */
  #nothing(end: ScanEnd): void {
    const at = msOf(this.#last.timeNs);
    const facts = { fromMs: at, toMs: at, filled: 0, saturated: 0, halted: false, empty: true };
    this.#guarded(() => {
      this.#writer ??= this.#open();
      this.#out.push(this.#frame(0, noPixels, facts, end));
    });
  }

  #open(): ScanWriter {
    const { id, config, scans, calibration, started } = this.#options;
    const { scanner } = this.#last;
    const { energiesMv, pixelMm } = config;
    return scans.open({
      id,
      device: config.device ?? scanner,
      rows: calibration.elements,
      planes: this.#planes,
      attributes: { scanner, energiesMv, pixelMm, airLevel, started },
    });
  }

  #frame(
    columns: number,
    data: FrameMessage['data'],
    facts: ColumnFacts,
    end: ScanEnd | undefined,
  ): FrameMessage {
    const { id, config, calibration, lines, started } = this.#options;
    const seconds = (facts.toMs - facts.fromMs) / 1000;
    const scan: ScanAttributes = {
      scanner: this.#last.scanner,
      energiesMv: config.energiesMv,
      pixelMm: config.pixelMm,
      airLevel,
      started,
      first: this.#columns.base === 0,
      last: end !== undefined,
      ...(end === undefined ? {} : { end }),
      calibration: this.#state,
      lines: { ...lines },
      badPixels: calibration.bad.count,
      saturated: round(facts.saturated, 6),
      speedMps: seconds > 0 ? round((columns * config.pixelMm) / 1000 / seconds, 4) : 0,
      ...(facts.halted ? { reversed: true } : {}),
    };
    const bad = this.#state === 'missing' || facts.empty;
    const suspect = this.#state === 'stale' || facts.filled > suspectFilled;
    return {
      kind: 'frame',
      device: scan.scanner,
      time: new Date(facts.toMs).toISOString(),
      quality: bad ? 'bad' : suspect ? 'suspect' : 'good',
      attributes: { scan },
      view: config.view,
      width: columns,
      height: calibration.elements,
      planes: [...this.#planes],
      bits: 16,
      data,
      scan: id,
      line0: this.#columns.base,
    };
  }
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
