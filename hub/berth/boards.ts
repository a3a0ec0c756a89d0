import { type Board, type BoardLot, boardTypes, emptyBoard, foldBoard } from '#flows/ore/board';
import type { StoredEvent } from '../api/types.ts';
import type { RecordStore } from '../store/store.ts';
import { inOrder, pageEvents, readAll } from './read-all.ts';

/** The most for one answer. */
const maxEvents = 60_000;
/** Events beside increments that a board is made from, newest first. */
const boardEvents = 2000;
/** Lots of which every increment is shown. */
const wholeLots = 3;

const assessed = 'quaywatch.increment.assessed';
const others = boardTypes.filter((type) => type !== assessed);

/** Boards of berths from the events that their boxes sent. */
export function createBoards(records: Pick<RecordStore, 'page'>) {
  function fold(events: readonly StoredEvent[]): Board {
    const board = emptyBoard();
    for (const { event } of inOrder(events)) foldBoard(board, event);
    return board;
  }

  const increments = (box: string, lot: string, to: number | undefined) =>
    readAll(
      records,
      { box: [box], type: [assessed], subject: lot, ...(to === undefined ? {} : { to }) },
      maxEvents,
    );

  /** The newest board of each box, and the event up to which it goes: many screens ask, and little changes. */
  const kept = new Map<string, { readonly position: number; readonly board: Board }>();

  return {
    /** What a berth's screen shows, now or as it was at a moment. */
    async board(box: string, at: number | undefined): Promise<Board> {
      const [last] = await records.page({ box: [box], type: boardTypes, limit: 1 });
      const known = kept.get(box);
      if (at === undefined && known && known.position === last?.position) return known.board;
      const to = at === undefined ? {} : { to: at };
      const rest = await readAll(records, { box: [box], type: others, ...to }, boardEvents);
      const { lots } = fold(rest);
      const newest = lots.slice(0, wholeLots).map(({ lot }) => lot);
      const whole = await Promise.all(newest.map((lot) => increments(box, lot, at)));
      const board = fold([...rest, ...whole.flat()]);
      if (at === undefined && last) kept.set(box, { position: last.position, board });
      return board;
    },

    /** Lots of a ship, all of each, oldest first; by lot where it has no ship. */
    async ship(box: string, ship: string): Promise<BoardLot[]> {
      const { lots } = fold(await readAll(records, { box: [box], type: others }, boardEvents * 5));
      const of = lots.filter(({ lot, declared }) => (declared.ship ?? lot) === ship).reverse();
      for (const lot of of) {
        const board = fold(await increments(box, lot.lot, undefined));
        lot.increments = board.lots[0]?.increments ?? [];
      }
      return of;
    },

    /** Boxes that have ever announced a lot, with the flow that did, newest first. */
    async flows(): Promise<{ readonly box: string; readonly flow: string }[]> {
      const events = await records.page({ type: ['quaywatch.lot.announced'], limit: pageEvents });
      const found = new Map<string, string>();
      for (const { event } of events) {
        const flow = /\/flows\/([^/]+)\//.exec(event.source)?.[1];
        if (flow !== undefined && !found.has(event.box)) found.set(event.box, flow);
      }
      return [...found].map(([box, flow]) => ({ box, flow }));
    },
  };
}
export type Boards = ReturnType<typeof createBoards>;
