import type { StoredEvent } from '../api/types.ts';
import type { RecordStore } from '../store/store.ts';

export interface FollowerOptions {
  readonly records: Pick<RecordStore, 'after'>;
  /** Position of the last event that is known. */
  readonly from: number;
  /** Events of one box and priority, in order. */
  readonly onStored: (events: readonly StoredEvent[]) => void;
  readonly onFailure: (error: unknown) => void;
}

const atOnce = 2000;
const pollMs = 200;

/** Neighbours of one box and priority together. */
function groups(events: readonly StoredEvent[]): StoredEvent[][] {
  const all: StoredEvent[][] = [];
  let before: StoredEvent['event'] | undefined;
  for (const stored of events) {
    const { event } = stored;
    if (event.box === before?.box && event.priority === before.priority) all.at(-1)?.push(stored);
    else all.push([stored]);
    before = event;
  }
  return all;
}

/** Reads on in a store that several hubs write to, so that each shows what all of them store. */
export function createFollower({ records, from, onStored, onFailure }: FollowerOptions) {
  let position = from;
  let closed = false;
  let running: Promise<void> | undefined;
  let isWanted = false;
  let timer: NodeJS.Timeout | undefined;

  async function run(): Promise<void> {
    try {
      while (isWanted && !closed) {
        isWanted = false;
        const events = await records.after(position, atOnce);
        position = events.at(-1)?.position ?? position;
        isWanted ||= events.length === atOnce;
        for (const group of groups(events)) onStored(group);
      }
    } catch (error) {
      onFailure(error);
    } finally {
      running = undefined;
    }
    if (!closed) timer = setTimeout(poke, pollMs);
  }

  function poke(): void {
    isWanted = true;
    clearTimeout(timer);
    if (!closed) running ??= run();
  }
  poke();

  return {
    /** There is something new. */
    poke,
    async close(): Promise<void> {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
