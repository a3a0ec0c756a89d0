import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Emission } from '#flows/event';
import { ended, frameOf, opened, pixels, type Strip } from '#test/support/scans';
import { Scans } from './scans.ts';

const rows = 10;
const stride = rows * 2;
const maxBytes = 6_000;
/** What a packed scan may be larger than its pixels, when they are few. */
const overheadBytes = 300;

/** What is known to be true of one scan. */
interface Known {
  readonly id: string;
  readonly strips: Strip[];
  columns: number;
  open: boolean;
  judged: boolean;
}

/** A box's scans beside what they must be. A kill goes on with a copy of the folder as it is at that moment. */
class World {
  folder = mkdtempSync(join(tmpdir(), 'quaywatch-scans-model-'));
  emissions: Emission[] = [];
  readonly known: Known[] = [];
  /** Scans that left before they were judged, or although an older one could have. */
  readonly unfair: string[] = [];
  scans = this.#start();
  #writers = new Map<string, ReturnType<Scans['open']>>();

  #start(): Scans {
    return new Scans({
      folder: this.folder,
      limits: {
        maxBytes,
        keepFreeBytes: 0,
        days: 30,
        unjudgedHours: 24,
        memoryBytes: 1,
        fetchBytesPerSecond: 1000,
      },
      now: () => Date.UTC(2026, 0, 1),
      emit: (emission, committed) => {
        this.emissions.push(emission);
        if (emission.type === 'quaywatch.scan.evicted') this.#checkOrder(String(emission.data.scan));
        committed?.();
      },
    });
  }

  #said(type: string): Record<string, unknown>[] {
    return this.emissions.flatMap((one) => (one.type === `quaywatch.scan.${type}` ? [one.data] : []));
  }

  #checkOrder(left: string): void {
    const gone = this.#said('evicted').map(({ scan }) => scan);
    const packed = this.#said('completed').map(({ scan }) => scan);
    if (!this.known.find(({ id }) => id === left)?.judged) this.unfair.push(left);
    for (const { id, judged } of this.known) {
      if (id === left) return;
      const place = this.scans.place(id);
      if (judged && packed.includes(id) && !gone.includes(id) && typeof place !== 'string')
        this.unfair.push(left);
    }
  }

  open(): void {
    const id = `scan-${this.known.length}`;
    this.#writers.set(id, this.scans.open(opened(id, rows)));
    this.known.push({ id, strips: [], columns: 0, open: true, judged: false });
  }

  append(at: number, columns: number): void {
    const scan = this.#pick(at, ({ open }) => open);
    const writer = scan && this.#writers.get(scan.id);
    if (!scan || !writer) return;
    const samples = pixels(columns * stride, `${scan.id} ${scan.columns}`);
    const data = writer.append(samples);
    scan.strips.push({
      frame: frameOf({ scan: scan.id, rows, column0: scan.columns, columns, data }),
      samples,
    });
    scan.columns += columns;
  }

  async close(at: number): Promise<void> {
    const scan = this.#pick(at, ({ open }) => open);
    if (!scan) return;
    this.#writers.get(scan.id)?.close('complete', ended);
    scan.open = false;
    await this.scans.idle();
  }

  judge(at: number): void {
    const scan = this.#pick(at, ({ open, judged }) => !open && !judged);
    if (!scan) return;
    this.scans.judged(scan.id);
    scan.judged = true;
  }

  async kill(torn: boolean): Promise<void> {
    const next = mkdtempSync(join(tmpdir(), 'quaywatch-scans-model-'));
    cpSync(this.folder, next, { recursive: true });
    const [old, oldFolder] = [this.scans, this.folder];
    const before = this.emissions.length;
    await old.stop();
    // What the old process said after it was killed, it did not say.
    this.emissions.length = before;
    rmSync(oldFolder, { recursive: true });
    this.folder = next;
    for (const scan of this.known) {
      const raw = join(next, scan.id, 'pixels.raw');
      if (torn && scan.open && existsSync(raw)) {
        writeFileSync(raw, 'torn', { flag: 'a' });
        writeFileSync(join(next, scan.id, 'strips'), 'torn', { flag: 'a' });
      }
      scan.open = false;
    }
    this.#writers.clear();
    this.scans = this.#start();
  }

  async check(): Promise<void> {
    await this.scans.idle();
    const { bytes } = this.scans.figures();
    expect(bytes).toBeLessThanOrEqual(maxBytes + overheadBytes * this.known.length);
    expect(this.unfair).toEqual([]);
    const evicted = this.#said('evicted').map(({ scan }) => scan);
    expect(new Set(evicted).size).toBe(evicted.length);
    expect(this.#said('started').map(({ scan }) => scan)).toEqual(this.known.map(({ id }) => id));
    for (const scan of this.known) await this.#checkScan(scan, evicted.includes(scan.id));
  }

  async #checkScan(scan: Known, left: boolean): Promise<void> {
    // Never one that is being written or not yet judged.
    if (left) expect([scan.open, scan.judged]).toEqual([false, true]);
    const completed = this.#said('completed').filter(({ scan: id }) => id === scan.id);
    // Only what is announced as not kept may be missing: of a scan in memory alone nothing is left after a kill.
    const full = this.#said('unkept').length === 0;
    if (full) expect(completed.length, scan.id).toBe(scan.open ? 0 : 1);
    else expect(completed.length, scan.id).toBeLessThanOrEqual(scan.open ? 0 : 1);
    const kept = full ? scan.columns : Number(completed[0]?.columns ?? 0);
    if (full && completed[0]) expect(completed[0].columns).toBe(scan.columns);
    for (const { frame, samples } of scan.strips) {
      const read = await this.scans.read(frame).then(
        (pixels) => pixels.samples,
        (error: { problem?: { code: string } }) => error.problem?.code,
      );
      const inside = (frame.line0 ?? 0) + frame.width <= kept;
      if (left) expect(read).toBe('frame.missing');
      else if (inside || typeof read !== 'string') expect(read).toEqual(samples);
      else expect(read).toBe('frame.missing');
    }
  }

  #pick(at: number, fits: (scan: Known) => boolean): Known | undefined {
    const all = this.known.filter(fits);
    return all[at % Math.max(1, all.length)];
  }

  async end(): Promise<void> {
    await this.scans.stop();
    rmSync(this.folder, { recursive: true });
  }
}

const number = fc.nat(50);
const action = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ do: 'open' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      at: number,
      columns: fc.integer({ min: 1, max: 70 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('close' as const), at: number }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('judge' as const), at: number }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill' as const), torn: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'check' as const }) },
);

test('whatever is written, ended, judged and killed: every strip that was not given up is there, and what was is said once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 30, maxLength: 60, size: 'max' }), async (actions) => {
      const world = new World();
      try {
        for (const step of actions) {
          if (step.do === 'open') world.open();
          else if (step.do === 'append') world.append(step.at, step.columns);
          else if (step.do === 'close') await world.close(step.at);
          else if (step.do === 'judge') world.judge(step.at);
          else if (step.do === 'kill') await world.kill(step.torn);
          else await world.check();
        }
        await world.check();
      } finally {
        await world.end();
      }
    }),
    { numRuns: 6, endOnFailure: true },
  );
}, 60_000);
