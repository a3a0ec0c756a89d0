import type { Emission } from '#flows/event';
import type { Problem } from '#flows/fault';
import type { ScanCompleted, ScanEvicted, ScanStarted } from '#flows/scan-events';
import type { Entry } from './entry.ts';
import type { ScanRecord } from './record.ts';

/** Hands an event of the box itself to the outbox; `committed` once it is on disk. */
export type Emit = (emission: Emission, committed?: () => void) => void;

const stage = 'scans';
const whatOf = (record: ScanRecord): ScanStarted => ({
  scan: record.scan,
  ...(record.device === undefined ? {} : { device: record.device }),
  rows: record.rows,
  planes: record.planes,
  ...record.attributes,
});

/** What the box says of its scans. All of it is said in order, and so with one priority. */
export class Announcer {
  readonly #emit: Emit;
  readonly #now: () => number;
  #unkept = false;

  constructor(emit: Emit, now: () => number) {
    this.#emit = emit;
    this.#now = now;
  }

  started(record: ScanRecord): void {
    const data: ScanStarted = whatOf(record);
    const time = this.#time();
    this.#emit({
      type: 'quaywatch.scan.started',
      subject: record.scan,
      priority: 'verdict',
      stage,
      time,
      data,
    });
  }

  completed({ record, columns }: Entry, committed: () => void): void {
    const { stored, closed } = record;
    if (!closed) return;
    const kept = stored?.columns ?? 0;
    const data: ScanCompleted = {
      ...whatOf(record),
      ...closed,
      columns: kept,
      ...(columns > kept ? { came: columns } : {}),
      ...(stored && kept > 0 ? { bytes: stored.bytes, sha256: stored.sha256 } : {}),
      ...(stored?.thumbnail ? { thumbnail: stored.thumbnail } : {}),
    };
    const type = 'quaywatch.scan.completed';
    const time = this.#time();
    this.#emit({ type, subject: record.scan, priority: 'verdict', stage, time, data }, committed);
  }

  evicted(data: ScanEvicted): void {
    const type = 'quaywatch.scan.evicted';
    this.#emit({ type, subject: data.scan, priority: 'verdict', stage, time: this.#time(), data });
  }

  /** Raised with a problem, cleared without; each change is said once. */
  unkept(problem: Problem | undefined): void {
    if ((problem !== undefined) === this.#unkept) return;
    this.#unkept = problem !== undefined;
    const data = problem
      ? { state: 'raised', code: problem.code, detail: problem.message }
      : { state: 'cleared' };
    this.#emit({ type: 'quaywatch.scan.unkept', priority: 'alarm', stage, time: this.#time(), data });
  }

  get keeping(): boolean {
    return !this.#unkept;
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }
}
