import type { BoardIncrement, BoardLot } from '#hub/api/types';
import { useWidth } from '../parts/use-width.ts';
import { Hatches } from './hatches.tsx';
import { outcomeWord, tonnes } from './words.ts';

const [rowHeight, gap, label] = [34, 8, 84];

interface Row {
  readonly hold: string;
  readonly fromT: number;
  readonly massT: number;
}

/** Holds by the plan; one row of the declared, or the seen, mass where there is none. */
function rowsOf({ declared, increments }: BoardLot): Row[] {
  const seen = increments.reduce((sum, { massKg }) => sum + massKg, 0) / 1000;
  const plan = declared.holds?.length
    ? declared.holds
    : [{ hold: '', massT: Math.max(declared.massT ?? 0, seen, 1) }];
  let fromT = 0;
  const rows = plan.map(({ hold, massT }) => {
    const row = { hold, fromT, massT };
    fromT += massT;
    return row;
  });
  const last = rows.at(-1);
  // More than was declared is still shown.
  return last && seen > fromT ? [...rows.slice(0, -1), { ...last, massT: seen - last.fromT }] : rows;
}

const title = ({ increment, fromT, massKg, outcome, coverage, reasons, to }: BoardIncrement): string =>
  [
    `Increment ${increment}: ${tonnes(fromT)} to ${tonnes(fromT + massKg / 1000)} t, ${outcomeWord[outcome]}`,
    `${Math.round(coverage * 100)} % judged, ${to.slice(11, 19)} UTC`,
    ...reasons.slice(0, 3),
  ].join('\n');

/** Increments as tonnes of the holds that they came from: what was seen, what not, and what is still to come. */
export function HoldPlan({
  lot,
  selected,
  onSelect,
}: {
  lot: BoardLot;
  selected: number | undefined;
  onSelect: (increment: number | undefined) => void;
}) {
  const [ref, width] = useWidth<SVGSVGElement>(1000);
  const rows = rowsOf(lot);
  const height = rows.length * (rowHeight + gap) + 4;
  const most = Math.max(...rows.map(({ massT }) => massT));
  const scale = (width - label - 4) / most;
  return (
    <svg
      ref={ref}
      className="hold-plan"
      viewBox={`0 0 ${width} ${height}`}
      data-testid="hold-plan"
      role="img"
      aria-label="Increments along the hold plan"
    >
      <Hatches id="plan" />
      {rows.map(({ hold, fromT, massT }, i) => {
        const y = 2 + i * (rowHeight + gap);
        return (
          <g key={hold || 'lot'}>
            <text x={0} y={y + rowHeight / 2 - 2} className="plan-name">
              {hold === '' ? 'Lot' : `Hold ${hold}`}
            </text>
            <text x={0} y={y + rowHeight / 2 + 12} className="plan-mass">
              {tonnes(massT)} t
            </text>
            <rect x={label} y={y} width={massT * scale} height={rowHeight} className="plan-ground" />
            {lot.increments.flatMap((one) => {
              const [from, to] = [one.fromT, one.fromT + one.massKg / 1000];
              if (to <= fromT || from >= fromT + massT) return [];
              const [a, b] = [Math.max(from, fromT) - fromT, Math.min(to, fromT + massT) - fromT];
              const chosen = selected === one.increment;
              return [
                // biome-ignore lint/a11y/useSemanticElements: a part of a drawing
                <rect
                  key={one.increment}
                  x={label + a * scale}
                  y={y}
                  width={Math.max(0.6, (b - a) * scale - (scale * (b - a) > 4 ? 0.8 : 0))}
                  height={rowHeight}
                  className={`plan-increment ${one.outcome}${chosen ? ' chosen' : ''}`}
                  fill={one.outcome === 'clear' ? undefined : `url(#plan-${one.outcome})`}
                  role="button"
                  tabIndex={one.outcome === 'clear' ? -1 : 0}
                  aria-label={title(one)}
                  onClick={() => onSelect(chosen ? undefined : one.increment)}
                  onKeyDown={(event) => event.key === 'Enter' && onSelect(chosen ? undefined : one.increment)}
                >
                  <title>{title(one)}</title>
                </rect>,
              ];
            })}
          </g>
        );
      })}
    </svg>
  );
}
