import { place, type Scale } from './plot.ts';

export interface AxisMark {
  readonly at: number;
  readonly word: string;
}

interface AxisProps {
  marks: readonly AxisMark[];
  x: Scale;
  y: Scale;
}

/** Marks of the upright axis, with a line across at each. */
export const UprightAxis = ({ marks, x, y }: AxisProps) =>
  marks.map(({ at, word }) => (
    <g key={at}>
      <line x1={x.start} x2={x.end} y1={place(y, at)} y2={place(y, at)} className="plot-grid" />
      <text x={x.start - 6} y={place(y, at)} textAnchor="end" dominantBaseline="middle" className="plot-tick">
        {word}
      </text>
    </g>
  ));

/** Marks of the level axis, `below` px under it, with a line up at each. */
export const LevelAxis = ({ marks, x, y, below }: AxisProps & { below: number }) =>
  marks.map(({ at, word }) => (
    <g key={at}>
      <line x1={place(x, at)} x2={place(x, at)} y1={y.end} y2={y.start} className="plot-grid" />
      <text x={place(x, at)} y={y.start + below} textAnchor="middle" className="plot-tick">
        {word}
      </text>
    </g>
  ));
