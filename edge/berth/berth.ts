import { join } from 'node:path';
import type { Emission } from '#flows/event';
import { FlowOrders } from '../control/flow-orders.ts';
import type { Pages } from '../http.ts';
import type { BoxClock } from '../runner/clock.ts';
import type { Runner } from '../runner/runner.ts';
import { boardFold, chartsFold } from './folds.ts';
import { KeptFold } from './kept-fold.ts';
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

/** Charts change in minutes, a board in seconds, ms. */
const [boardWriteMs, chartsWriteMs] = [5000, 30_000];

/** What a box has for a berth beside its flow: the board and the view that its page shows, and orders to its sampler. */
export function openBerth({ data, clock, runner, about }: BerthWorld): BoxBerth {
  const board = new KeptFold(join(data, 'berth.json'), boardFold, boardWriteMs);
  const charts = new KeptFold(join(data, 'instruments.json'), chartsFold, chartsWriteMs);
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
    pages: berthPages(board, charts, live, () => ({ ...about(), time: time() })),
    take(flow, emission) {
      orders.take(flow, emission);
      board.take(emission);
      charts.take(emission);
    },
    close() {
      orders.stop();
      live.close();
      board.close();
      charts.close();
    },
  };
}
