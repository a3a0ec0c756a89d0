import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import type { ScanAttributes, ScanStore } from '#flows/scan';
import { faults } from '../faults.ts';
import { type LinescanConfig, planesOf } from './config.ts';
import type { Line, LinePart } from './decode.ts';
import type { Memories, Memory } from './memory.ts';
import { isoOf, Picture, type ScanEnd } from './picture.ts';

/** The lines of one scan as they come, from its first, be it dark. */
interface Pass {
  readonly scan: string;
  readonly name: string;
  readonly elements: number;
  readonly startedNs: bigint;
  readonly lines: ScanAttributes['lines'];
  lastLine: number;
  lastNs: bigint;
  picture: Picture | undefined;
  ended: ScanEnd | undefined;
  late: boolean;
}

/** One scanner on one connection. */
export class Scanner {
  readonly #config: LinescanConfig;
  readonly #scans: ScanStore;
  readonly #memories: Memories;
  readonly #planes: readonly string[];
  #scanner: { readonly id: string; readonly memory: Memory } | undefined;
  #pass: Pass | undefined;
  /** Damaged lines since the last good one: they explain as many missing numbers. */
  #damaged = 0;
  #problems: Problem[] = [];
  #heardMs = 0;

  constructor(config: LinescanConfig, scans: ScanStore, memories: Memories) {
    this.#config = config;
    this.#scans = scans;
    this.#memories = memories;
    this.#planes = planesOf(config);
  }

  take(part: LinePart, nowMs: number): Message[] {
    this.#heardMs = nowMs;
    if ('damaged' in part) {
      this.#damaged++;
      return [];
    }
    const refused = this.#refuse(part);
    if (refused) {
      this.#problems.push(refused);
      return [];
    }
    this.#scanner ??= { id: part.scanner, memory: this.#memories.of(part.scanner) };
    const before = this.#begin(part, this.#scanner.memory);
    const pass = this.#pass as Pass;
    if (!this.#count(pass, part)) return before;
    const strips = this.#draw(pass, part, this.#scanner.memory);
    return before.length === 0 ? strips : [...before, ...strips];
  }

  /** Ends a scan that nothing came for; at `Infinity` the wire is cut. */
  expire(nowMs: number): Message[] {
    if (nowMs === Number.POSITIVE_INFINITY) return this.#end('cut');
    const silent = nowMs - this.#heardMs >= this.#config.silentSeconds * 1000;
    return silent ? this.#end('silent') : [];
  }

  get deadline(): number | undefined {
    if (this.#problems.length > 0) return this.#heardMs;
    if (!this.#pass || this.#pass.ended) return undefined;
    return this.#heardMs + this.#config.silentSeconds * 1000;
  }

  problems(): Problem[] {
    const problems = this.#problems;
    if (problems.length > 0) this.#problems = [];
    return problems;
  }

  #refuse({ scanner, scan, samples }: Line): Problem | undefined {
    const { devices, detectors } = this.#config;
    const heard = devices.length === 0 || devices.includes('*') || devices.includes(scanner);
    const expected = this.#scanner?.id ?? (heard ? scanner : devices.join(', '));
    if (expected !== scanner) return faults.problem('linescan.scanner', { scanner, expected });
    const pass = this.#pass;
    const elements = detectors ?? (pass?.scan === scan ? pass.elements : samples.length);
    if (elements === samples.length) return undefined;
    return faults.problem('linescan.detectors', { has: samples.length, expected: elements });
  }

  /** Sees to it that the line's scan is the open one; gives the end of another that was. */
  #begin(line: Line, memory: Memory): Message[] {
    const pass = this.#pass;
    const same = pass?.scan === line.scan;
    if (pass && same && !pass.ended) {
      // A silence is the same one replayed as it was live: by the times of the lines.
      const quietNs = line.timeNs - pass.lastNs;
      if (quietNs <= BigInt(Math.round(this.#config.silentSeconds * 1e9)) || line.line <= pass.lastLine)
        return [];
      const ended = this.#end('silent');
      this.#open(line, memory);
      return ended;
    }
    // Only silence may have been too early an end; what comes after any other is late, and what came before, double.
    if (pass && same && (pass.ended !== 'silent' || line.line <= pass.lastLine)) return [];
    const ended = this.#end('cut');
    this.#open(line, memory);
    return ended;
  }

  #open(line: Line, memory: Memory): void {
    this.#pass = {
      scan: line.scan,
      name: memory.name(line.scan, line.line),
      elements: line.samples.length,
      startedNs: line.timeNs,
      lines: { received: 0, lost: 0, doubled: 0, damaged: 0 },
      lastLine: -1,
      lastNs: line.timeNs,
      picture: undefined,
      ended: undefined,
      late: false,
    };
  }

  /** Counts the line; false: it is not to be used. */
  #count(pass: Pass, line: Line): boolean {
    const { lines } = pass;
    lines.damaged += this.#damaged;
    const explained = this.#damaged;
    this.#damaged = 0;
    if (line.line <= pass.lastLine) {
      lines.doubled++;
      return false;
    }
    if (pass.ended) {
      if (!pass.late) this.#problems.push(faults.problem('linescan.late', { scan: pass.name }));
      pass.late = true;
      return false;
    }
    lines.lost += Math.max(0, line.line - pass.lastLine - 1 - explained);
    lines.received++;
    pass.lastLine = line.line;
    pass.lastNs = line.timeNs;
    return true;
  }

  #draw(pass: Pass, line: Line, memory: Memory): Message[] {
    const plane = this.#planes.indexOf(line.energy);
    const strips: Message[] = [];
    if (plane >= 0) {
      const calibration = memory.calibration(pass.elements, { ...this.#config, planes: this.#planes.length });
      if (line.beam !== 'object') calibration.learn(line, plane);
      else {
        pass.picture ??= new Picture(
          {
            id: pass.name,
            config: this.#config,
            calibration,
            scans: this.#scans,
            lines: pass.lines,
            started: isoOf(pass.startedNs),
            problem: (problem) => void this.#problems.push(problem),
          },
          line,
        );
        strips.push(...pass.picture.take(line, plane));
      }
    }
    const tooLong = line.timeNs - pass.startedNs > BigInt(Math.round(this.#config.maxSeconds * 1e9));
    if (line.end) strips.push(...this.#end('complete'));
    else if (pass.picture?.limit || tooLong) strips.push(...this.#end('limit'));
    return strips;
  }

  #end(end: ScanEnd): Message[] {
    const pass = this.#pass;
    if (!pass || pass.ended) return [];
    pass.ended = end;
    pass.lines.damaged += this.#damaged;
    this.#damaged = 0;
    const { picture } = pass;
    pass.picture = undefined;
    return picture?.end(end) ?? [];
  }
}
