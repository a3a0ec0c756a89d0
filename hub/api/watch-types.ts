/** GET /watch-lists. */
export interface WatchListView {
  readonly name: string;
  readonly title: string;
  /** Of the events that a match raises. */
  readonly priority: 'alarm' | 'verdict';
  /** The same object raises no second event of an entry for so long after the first. */
  readonly quietMinutes: number;
  readonly entries: number;
  readonly changed: string;
  readonly by: string;
}
export interface WatchLists {
  readonly lists: readonly WatchListView[];
}

export interface WatchEntry {
  /** As it was entered: a plate, container, seal, MMSI or name of an object. */
  readonly value: string;
  readonly note?: string;
  readonly added: string;
  readonly by: string;
}

/** GET /watch-lists/:list */
export type WatchList = Omit<WatchListView, 'entries'> & { readonly entries: readonly WatchEntry[] };

/** POST /watch-lists/:list/entries {text}: what became of the lines. */
export interface WatchImport {
  readonly added: number;
  /** There already. */
  readonly known: number;
  readonly problems: readonly {
    readonly line: number;
    readonly value: string;
    readonly message: string;
    /** What may have been meant. */
    readonly perhaps?: readonly string[];
  }[];
}

/** POST /watch-lists/:list/screen {from, to, after?, limit?}: matches of the past of one page of the list. */
export interface WatchScreening {
  readonly hits: readonly {
    readonly entry: string;
    readonly object: string;
    readonly events: number;
    readonly first: string;
    readonly last: string;
  }[];
  /** Entries that were looked at on this page. */
  readonly screened: number;
  /** Entries of the list. */
  readonly entries: number;
  /** `after` of the next page; absent: that was the last. */
  readonly next?: string;
}
