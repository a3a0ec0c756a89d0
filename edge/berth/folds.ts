import { type Board, boardTypes, emptyBoard, foldBoard } from '#flows/ore/board';
import { chartTypes, foldCharts, type InstrumentCharts } from '#flows/ore/instrument-charts';
import type { Fold } from './kept-fold.ts';

export const boardFold: Fold<Board> = {
  types: boardTypes,
  empty: emptyBoard,
  read: (said) => ({ ...emptyBoard(), ...(said as Partial<Board>) }),
  take: foldBoard,
};

export const chartsFold: Fold<InstrumentCharts> = {
  types: chartTypes,
  empty: () => [],
  read: (said) => (Array.isArray(said) ? (said as InstrumentCharts) : []),
  take: foldCharts,
};
