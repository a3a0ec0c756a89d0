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
    try {
      while (wanted && !closed) {
        wanted = false;
        while (!closed && (await step()));
      }
    } catch (error) {
      onFailure(error);
      if (!closed) timer = setTimeout(poke, retryMs);
    } finally {
      running = undefined;
    }
  }

  function poke(): void {
    wanted = true;
    clearTimeout(timer);
    if (!closed) running ??= run();
  }

  return {
    /** There is something new in the records. */
    poke,
    add(points: readonly Point[]): void {
      extra.push(...points);
      if (extra.length > maxWaiting) extra = extra.slice(-maxWaiting);
      poke();
    },
    /** Resolves when nothing is left to do. */
    async idle(): Promise<void> {
      while (running) await running;
    },
    async close(): Promise<void> {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
