import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Emission } from '#flows/event';
import { type Board, boardTypes, emptyBoard, foldBoard } from '#flows/ore/board';

/** Least time between two writings, ms: a board of a large lot is some megabytes. */
const writeMs = 5000;

/**
 * The board of a berth from what the box itself has committed, kept in a file, so that whoever stands beside the box sees it without a hub
 * and after a restart. It is for people alone: nothing is concluded from it, and a kill may cost its last seconds.
 */
export class BoardFile {
  readonly #file: string;
  readonly #types: ReadonlySet<string> = new Set(boardTypes);
  #board: Board | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  get board(): Board {
    this.#board ??= read(this.#file);
    return this.#board;
  }

  take({ type, time, subject, data }: Emission): void {
    if (!this.#types.has(type)) return;
    foldBoard(this.board, { type, time, data, ...(subject === undefined ? {} : { subject }) });
    this.#timer ??= setTimeout(() => this.#write(), writeMs);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const part = `${this.#file}.part`;
    try {
      writeFileSync(part, JSON.stringify(this.board), { mode: 0o600 });
      renameSync(part, this.#file);
    } catch {
      // A full disk is told by what has to be kept; this is not.
    }
  }

  close(): void {
    if (this.#timer !== undefined) this.#write();
  }
}

function read(file: string): Board {
  try {
    return { ...emptyBoard(), ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Board>) };
  } catch {
    return emptyBoard();
  }
}
