import type { FindingView } from '#hub/api/types';
import { length, type Point, type Size, scaleBar, toScreen, type View } from '../draw/view.ts';
import type { ScanLook } from '../look.ts';
import { FindingLabels } from './finding-labels.tsx';
import { type LoadMap, loadMapOf } from './load-map.ts';

interface Props {
  readonly view: View;
  readonly size: Size;
  readonly pixelMm: number;
  readonly findings: readonly FindingView[];
  readonly look: ScanLook;
  readonly probe: Point | undefined;
  readonly measure: readonly [number, number, number, number] | undefined;
  readonly onFinding: (index: number) => void;
}

/** What is drawn over the pixels: findings, cross hair, measure, scale. */
export function Overlay({ view, size, pixelMm, findings, look, probe, measure, onFinding }: Props) {
  const place = (point: Point) => toScreen(view, size, point);
  const bar = scaleBar(view.zoom, pixelMm, Math.min(220, size.width / 4));
  const hair = probe && place(probe);
  return (
    <>
      <svg className="scan-overlay" width={size.width} height={size.height} aria-hidden="true">
        {!look.bare &&
          findings.map((finding, i) => (
            <FindingMark
              // biome-ignore lint/suspicious/noArrayIndexKey: findings have no name but their number
              key={i}
              finding={finding}
              chosen={look.finding === i}
              place={place}
              zoom={view.zoom}
              onChoose={() => onFinding(i)}
            />
          ))}
        {hair && (
          <g className="hair">
            <path
              d={`M${hair.x - 14} ${hair.y}h10M${hair.x + 4} ${hair.y}h10M${hair.x} ${hair.y - 14}v10M${hair.x} ${hair.y + 4}v10`}
            />
          </g>
        )}
        {measure && <Measure line={measure} place={place} pixelMm={pixelMm} />}
        {pixelMm > 0 && (
          <g className="scale" transform={`translate(16 ${size.height - 18})`} data-testid="scale-bar">
            <path d={`M0 -5v8h${bar.width}v-8`} />
            <text x={bar.width / 2} y="-8" textAnchor="middle">
              {length(bar.mm)}
            </text>
          </g>
        )}
      </svg>
      {!look.bare && (
        <FindingLabels findings={findings} chosen={look.finding} place={place} size={size} zoom={view.zoom} />
      )}
    </>
  );
}

interface MarkProps {
  readonly finding: FindingView;
  readonly chosen: boolean;
  readonly place: (point: Point) => Point;
  readonly zoom: number;
  readonly onChoose: () => void;
}

function FindingMark({ finding, chosen, place, zoom, onChoose }: MarkProps) {
  const { region } = finding;
  if (!region) return null;
  const at = place({ x: region.column, y: region.row });
  const [width, height] = [region.columns * zoom, region.rows * zoom];
  const corner = Math.max(6, Math.min(18, width / 3, height / 3));
  const load = loadMapOf(finding);
  // Corners, not a frame: what is below the edge can still be seen.
  const corners = [
    `M${at.x} ${at.y + corner}v${-corner}h${corner}`,
    `M${at.x + width - corner} ${at.y}h${corner}v${corner}`,
    `M${at.x + width} ${at.y + height - corner}v${corner}h${-corner}`,
    `M${at.x + corner} ${at.y + height}h${-corner}v${-corner}`,
  ].join('');
  return (
    <g className={`finding ${chosen ? 'chosen' : ''}`} data-testid="finding-mark" onPointerDown={onChoose}>
      {load && <LoadCells load={load} place={place} zoom={zoom} />}
      <rect x={at.x} y={at.y} width={width} height={height} className="hit" />
      <path d={corners} className="under" />
      <path d={corners} className="line" />
    </g>
  );
}

/** Cells that the model takes for load: a dot each, larger the surer it is. */
function LoadCells({ load, place, zoom }: { load: LoadMap; place: (point: Point) => Point; zoom: number }) {
  const side = load.cell * zoom;
  const parts: string[] = [];
  for (const { column, row, score } of load.cells) {
    const at = place({ x: column + load.cell / 2, y: row + load.cell / 2 });
    const half = Math.max(0.8, (side / 2) * 0.7 * score);
    parts.push(
      `M${(at.x - half).toFixed(1)} ${at.y.toFixed(1)}l${half} ${-half}l${half} ${half}l${-half} ${half}z`,
    );
  }
  return <path className="load" d={parts.join('')} />;
}

interface MeasureProps {
  readonly line: readonly [number, number, number, number];
  readonly place: (point: Point) => Point;
  readonly pixelMm: number;
}

function Measure({ line: [x0, y0, x1, y1], place, pixelMm }: MeasureProps) {
  const [from, to] = [place({ x: x0, y: y0 }), place({ x: x1, y: y1 })];
  const words = length(Math.hypot(x1 - x0, y1 - y0) * pixelMm);
  const middle = { x: (from.x + to.x) / 2 + 8, y: (from.y + to.y) / 2 - 8 };
  return (
    <g className="measure" data-testid="measure">
      <path className="under" d={`M${from.x} ${from.y}L${to.x} ${to.y}`} />
      <path d={`M${from.x} ${from.y}L${to.x} ${to.y}`} />
      <circle cx={from.x} cy={from.y} r="3.5" />
      <circle cx={to.x} cy={to.y} r="3.5" />
      <text className="under" x={middle.x} y={middle.y}>
        {words}
      </text>
      <text x={middle.x} y={middle.y}>
        {words}
      </text>
    </g>
  );
}
