import type { ChartPoint, InstrumentChart } from '#hub/api/types';
import { LevelAxis, UprightAxis } from '../parts/axes.tsx';
import { pathOf, place, rangeOf, type Scale, ticks, timeTicks } from '../parts/plot.ts';
import { StateWord } from '../parts/state-word.tsx';
import { useWidth } from '../parts/use-width.ts';
import { ChartMarks, MarkList } from './control-marks.tsx';
import { CusumStrip } from './cusum-strip.tsx';
import { chartLook, figure } from './words.ts';

const [height, left, right, top, bottom] = [190, 62, 10, 18, 22];

const msOf = ({ time }: ChartPoint): number => Date.parse(time);

/** Stretches of one centre line and one deviation: a calibration ends one, and so does a long silence. */
function stretches(points: readonly ChartPoint[]): ChartPoint[][] {
  const found: ChartPoint[][] = [];
  for (const point of points) {
    const last = found.at(-1)?.at(-1);
    const goesOn =
      last &&
      last.mean === point.mean &&
      last.sigma === point.sigma &&
      msOf(point) - msOf(last) < 6 * 3_600_000;
    if (goesOn) found.at(-1)?.push(point);
    else found.push([point]);
  }
  return found;
}

/** Least and greatest of what has to be seen: values, and limits where they are near enough not to flatten the values. */
function yRange(points: readonly ChartPoint[]) {
  const values = points.flatMap(({ least, most }) => [least, most]);
  const limits = points.flatMap(({ mean, ewmaLimit, sigma, lowest, highest }) => [
    ...(mean === undefined ? [] : [mean - 3 * (sigma ?? 0), mean + 3 * (sigma ?? 0)]),
    ...(mean === undefined || ewmaLimit === undefined ? [] : [mean - ewmaLimit, mean + ewmaLimit]),
    ...(lowest === undefined ? [] : [lowest]),
    ...(highest === undefined ? [] : [highest]),
  ]);
  return rangeOf([...values, ...limits], 1e-9);
}

function Limits({ part, x, y }: { part: readonly ChartPoint[]; x: Scale; y: Scale }) {
  const [first, last] = [part[0], part.at(-1)];
  if (!first || !last) return null;
  const { mean, ewmaLimit, outLimit, lowest, highest } = first;
  const lines: [string, number][] = [
    ...(mean === undefined ? [] : ([['centre', mean]] as [string, number][])),
    ...[ewmaLimit, outLimit].flatMap((limit, i): [string, number][] =>
      mean === undefined || limit === undefined
        ? []
        : [
            [i === 0 ? 'ewma' : 'out', mean - limit],
            [i === 0 ? 'ewma' : 'out', mean + limit],
          ],
    ),
    ...[lowest, highest].flatMap((limit): [string, number][] =>
      limit === undefined ? [] : [['out', limit]],
    ),
  ];
  return lines
    .filter(([, value]) => value >= y.from && value <= y.to)
    .map(([what, value]) => (
      <line
        key={`${what} ${value}`}
        x1={place(x, Date.parse(first.from))}
        x2={place(x, msOf(last))}
        y1={place(y, value)}
        y2={place(y, value)}
        className={`control-limit ${what}`}
      />
    ));
}

function Values({ part, x, y }: { part: readonly ChartPoint[]; x: Scale; y: Scale }) {
  const ewma = part.flatMap((point) =>
    point.ewma === undefined ? [] : [[place(x, msOf(point)), place(y, point.ewma)] as const],
  );
  return (
    <>
      {part.map((point) => {
        const at = place(x, msOf(point));
        return (
          <g key={point.time} className={`control-point ${point.state}`}>
            <line x1={at} x2={at} y1={place(y, point.least)} y2={place(y, point.most)} />
            <circle cx={at} cy={place(y, point.value)} r={point.state === 'in' ? 1.8 : 2.8}>
              <title>{`${point.time.slice(0, 19)}: ${figure(point.value)} of ${point.count}, ${point.state}`}</title>
            </circle>
          </g>
        );
      })}
      {ewma.length > 1 && <path d={pathOf(ewma)} className="control-ewma" />}
    </>
  );
}

/** One check of one instrument over days: values with their span, EWMA between its limits, CUSUM below, and what was told and done. */
export function ControlChart({ chart, from, to }: { chart: InstrumentChart; from: number; to: number }) {
  const [ref, width] = useWidth<HTMLElement>(720);
  const points = chart.points.filter((point) => msOf(point) >= from && msOf(point) <= to);
  const marks = chart.marks.filter(({ time }) => Date.parse(time) >= from && Date.parse(time) <= to);
  const newest = points.at(-1);
  const x = { from, to, start: left, end: width - right };
  const y = { ...yRange(points), start: height - bottom, end: top };
  const { look, word } = chartLook(newest);
  return (
    <figure
      className="control-chart"
      ref={ref}
      data-testid="control-chart"
      data-check={`${chart.device} ${chart.check}`}
    >
      <figcaption>
        <b>{chart.check}</b> <StateWord look={look} word={word} />
        {newest && (
          <span className="muted">
            {figure(newest.value)}
            {newest.mean === undefined
              ? ''
              : `, centre line ${figure(newest.mean)}, σ ${figure(newest.sigma ?? 0)}`}
          </span>
        )}
      </figcaption>
      {points.length === 0 ? (
        <p className="muted">Nothing was measured in this time.</p>
      ) : (
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`Control chart of ${chart.check} of ${chart.device}`}
        >
          <UprightAxis marks={ticks(y.from, y.to, 4).map((at) => ({ at, word: `${at}` }))} x={x} y={y} />
          <LevelAxis
            marks={timeTicks(from, to, width / 90).map(({ ms, word: when }) => ({ at: ms, word: when }))}
            x={x}
            y={y}
            below={bottom - 6}
          />
          {stretches(points).map((part) => (
            <g key={part[0]?.time}>
              <Limits part={part} x={x} y={y} />
              <Values part={part} x={x} y={y} />
            </g>
          ))}
          <ChartMarks marks={marks} x={x} top={top} foot={height - bottom} />
        </svg>
      )}
      <CusumStrip points={points} x={x} width={width} />
      <MarkList marks={marks} />
    </figure>
  );
}
