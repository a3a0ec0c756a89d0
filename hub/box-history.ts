import type { Status } from '#flows/wire';
import type { LinkState } from './api/types.ts';
import type { BoxHistory, BoxStore } from './store/store.ts';

/** Rows of so long share a commit: each is a wait for the disk, and a fleet that comes back makes hundreds a second, ms. */
const gatherMs = 200;

/** Writes how boxes did, many rows with one commit. What fails is told and dropped: it is history, and nothing waits for it. */
export function createBoxHistory(store: BoxStore, onFailure: (error: unknown) => void) {
  /** By box and time: of one moment the last word counts. */
  let links = new Map<string, BoxHistory['links'][number]>();
  let statuses = new Map<string, BoxHistory['statuses'][number]>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (links.size + statuses.size === 0) return writing;
    const rows = { links: [...links.values()], statuses: [...statuses.values()] };
    links = new Map();
    statuses = new Map();
    writing = writing.then(() => store.addHistory(rows)).catch(onFailure);
    return writing;
  }
  const soon = () => {
    timer ??= setTimeout(flush, gatherMs);
  };

  return {
    link(box: string, state: LinkState, since: number): void {
      links.set(`${box} ${since}`, { box, state, since });
      soon();
    },
    status(status: Status, heard: number): void {
      statuses.set(`${status.box} ${heard}`, { status, heard });
      soon();
    },
    /** Resolves when all of it is stored. */
    flush,
  };
}
