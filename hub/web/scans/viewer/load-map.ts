import type { FindingView } from '#hub/api/types';

/** Where in a scan a model sees load: squares of `cell` pixels with a score each. */
export interface LoadMap {
  readonly cell: number;
  readonly cells: readonly { readonly column: number; readonly row: number; readonly score: number }[];
}

const least = 0.25;
const most = 4000;

/**
 * Reads `evidence.map`: `{column, row, cell, columns, rows, scores}`, scores 0..1 row after row. Undefined for
 * a finding that has none, or one that cannot be read.
 */
export function loadMapOf({ evidence }: Pick<FindingView, 'evidence'>): LoadMap | undefined {
  const map = field(evidence, 'map');
  const [column, row, cell, columns, rows] = ['column', 'row', 'cell', 'columns', 'rows'].map((name) =>
    field(map, name),
  );
  const scores = field(map, 'scores');
  if (![column, row, cell, columns, rows].every(Number.isFinite) || !Array.isArray(scores)) return undefined;
  const [c0, r0, side, across] = [column, row, cell, columns] as [number, number, number, number];
  const cells = scores.flatMap((score: unknown, i) =>
    typeof score === 'number' && score >= least
      ? [
          {
            column: c0 + (i % across) * side,
            row: r0 + Math.floor(i / across) * side,
            score: Math.min(1, score),
          },
        ]
      : [],
  );
  return cells.length > 0 && cells.length <= most ? { cell: side, cells } : undefined;
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
