import type { ChartMark } from '#hub/api/types';
import { place, type Scale } from '../parts/plot.ts';

const words: Readonly<Record<ChartMark['what'], string>> = {
  drift: 'drifts',
  out: 'out',
  recalibrated: 'calibrated anew',
  restored: 'in control again',
};
const signs: Readonly<Record<ChartMark['what'], string>> = {
  drift: '▲',
  out: '✕',
  recalibrated: '◆',
  restored: '✓',
};

/** What was told of a check, and done to its instrument, as lines through its chart. */
export function ChartMarks({
  marks,
  x,
  top,
  foot,
}: {
  marks: readonly ChartMark[];
  x: Scale;
  top: number;
  foot: number;
}) {
  return marks.map(({ time, what, detail }) => {
    const at = place(x, Date.parse(time));
    return (
      <g key={`${time} ${what}`} className={`control-mark ${what}`}>
        <line x1={at} x2={at} y1={top} y2={foot} />
        <text x={at} y={top - 5} textAnchor="middle">
          {signs[what]}
          <title>{`${time.slice(0, 19)} ${words[what]}: ${detail}`}</title>
        </text>
      </g>
    );
  });
}

const shown = 4;

/** The newest of it in words. */
export function MarkList({ marks }: { marks: readonly ChartMark[] }) {
  if (marks.length === 0) return null;
  return (
    <ul className="control-marks">
      {marks.slice(-shown).map(({ time, what, detail }) => (
        <li key={`${time} ${what}`} className={`control-mark ${what}`}>
          <span className="sign">{signs[what]}</span> {time.slice(0, 10)} {time.slice(11, 16)} {words[what]}
          {detail ? `: ${detail}` : ''}
        </li>
      ))}
      {marks.length > shown && <li className="muted">and {marks.length - shown} before</li>}
    </ul>
  );
}
