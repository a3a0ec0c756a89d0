import type { BeltView } from '#flows/ore/belt-view';
import type { Board, BoardIncrement, BoardLot } from '#flows/ore/board';

import type { ChartMark, ChartPoint, InstrumentChart, InstrumentCharts } from '#flows/ore/instrument-charts';

export type {
  BeltView,
  Board,
  BoardIncrement,
  BoardLot,
  ChartMark,
  ChartPoint,
  InstrumentChart,
  InstrumentCharts,
};

/** GET /berths: boxes that have announced a lot. GET /berths/:box/board?at is a Board, /berths/:box/live a BeltView or null, /berths/:box/instruments?days&at InstrumentCharts. */
export interface BerthList {
  readonly berths: readonly BerthEntry[];
}

export interface BerthEntry {
  readonly box: string;
  readonly name: string;
  readonly site: string;
  readonly flow: string;
}

/** GET /berths/:box/ships/:ship, oldest lot first. */
export interface ShipReport {
  readonly ship: string;
  readonly berth: string;
  readonly site: string;
  readonly printed: string;
  readonly lots: readonly BoardLot[];
}
