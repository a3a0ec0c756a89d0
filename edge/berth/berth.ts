import { join } from 'node:path';
import type { Emission } from '#flows/event';
import { FlowOrders } from '../control/flow-orders.ts';
import type { Pages } from '../http.ts';
import type { BoxClock } from '../runner/clock.ts';
import type { Runner } from '../runner/runner.ts';
import { BoardFile } from './board-file.ts';
import { LiveView } from './live-view.ts';
import { berthPages } from './pages.ts';

export interface BerthWorld {
  /** Folder of the box. */
  readonly data: string;
  readonly clock: BoxClock;
  /** Asked for when something has been committed, so that it is there. */
  runner(): Runner;
  /** Who the box is, for its page. */
  about(): object;
}

export interface BoxBerth {
  readonly pages: Pages;
  /** An event that has been committed, with its flow. */
  take(flow: string, emission: Emission): void;
  close(): void;
}

/** What a box has for a berth beside its flow: the board and the view that its page shows, and orders to its sampler. */
export function openBerth({ data, clock, runner, about }: BerthWorld): BoxBerth {
  const board = new BoardFile(join(data, 'berth.json'));
  const live = new LiveView({
    documents: () => runner().documents(),
    tap: (...what) => runner().tap(...what),
    monotonic: () => clock.monotonic(),
  });
  const orders = new FlowOrders({
    commands: (flow, node) => runner().commands(flow, node),
    order: (flow, node, order) => runner().command(flow, node, order),
    notice: (emission) => runner().group.notice(emission),
    now: () => clock.now(),
  });
  const time = () => new Date(clock.now()).toISOString();
  return {
    pages: berthPages(board, live, () => ({ ...about(), time: time() })),
    take(flow, emission) {
      orders.take(flow, emission);
      board.take(emission);
    },
    close() {
      orders.stop();
      live.close();
      board.close();
    },
  };
}
