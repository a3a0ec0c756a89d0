import type { DocumentStore, RecordStore } from '../store/store.ts';
import { pointsOf } from './points.ts';
import type { Point, SeriesStore } from './series.ts';

export interface ProjectorOptions {
  readonly records: RecordStore;
  readonly documents: DocumentStore;
  /** Name of the document that holds the cursor. */
  readonly cursor: string;
  readonly series: SeriesStore;
  readonly onFailure: (error: unknown) => void;
}

const atOnce = 2000;
/** Between two times of writing: each waits twice for the disk, and nobody looks at a curve more often. */
const restMs = 1000;
const retryMs = 5000;
/** More of what is not in records (health) is not kept while the series cannot be written. */
const maxWaiting = 50_000;

/**
 * Writes points of stored events behind a cursor, which moves on only after they are written: a crash in between writes
 * them again, which changes nothing. A database of series that is away holds up nothing else.
 */
export function createProjector(options: ProjectorOptions) {
  const { records, documents, cursor: cursorName, series, onFailure } = options;
  let wanted = false;
  let running: Promise<void> | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let restUntilMs = 0;
  let extra: Point[] = [];

  async function step(): Promise<boolean> {
    const stored = await documents.get(cursorName);
    const cursor = typeof stored === 'number' ? stored : 0;
    const events = await records.after(cursor, atOnce);
    const own = extra;
    const points = [...events.flatMap(pointsOf), ...own];
    if (points.length > 0) await series.write(points);
    extra = extra.slice(own.length);
    const last = events.at(-1);
    if (last) await documents.put(cursorName, last.position);
    return events.length === atOnce;
  }

  async function run(): Promise<void> {
    wanted = false;
    let waitMs = restMs;
    try {
      while (!closed && (await step()));
    } catch (error) {
      onFailure(error);
      wanted = true;
      waitMs = retryMs;
    } finally {
      running = undefined;
      restUntilMs = performance.now() + waitMs;
      if (wanted) schedule();
    }
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!closed) running ??= run();
  }

  function schedule(): void {
    const waitMs = restUntilMs - performance.now();
    if (waitMs <= 0) start();
    else if (!closed) timer ??= setTimeout(start, waitMs);
  }

  function poke(): void {
    wanted = true;
    if (!running) schedule();
  }

  return {
    /** There is something new in the records. */
    poke,
    add(points: readonly Point[]): void {
      extra.push(...points);
      if (extra.length > maxWaiting) extra = extra.slice(-maxWaiting);
      poke();
    },
    /** Writes what is there without waiting any longer; resolves when that is done, or has failed. */
    async idle(): Promise<void> {
      if (wanted) start();
      await running;
    },
    async close(): Promise<void> {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
