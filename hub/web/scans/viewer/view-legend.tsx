import type { ScanDetail } from '#hub/api/types';
import { cssColour, massRow } from '../draw/palette.ts';
import { endsOf, type Window } from '../draw/window.ts';
import type { ScanViewName } from '../look.ts';
import { arealMass, curvesOf, isOwnBeam, materialClasses } from '../material/curves.ts';

const examples = [
  'food, textiles, wood, plastics',
  'glass, soil, salt, aluminium',
  'steel, copper',
  'lead, tungsten, uranium',
];
const steps = Array.from({ length: 40 }, (_, i) => i);
const letters = ['O', 'I', 'M', 'H'];

/** What the colours of the view mean, in words as well, and where they cannot be trusted. */
export function ViewLegend({ view, scan, window }: { view: ScanViewName; scan: ScanDetail; window: Window }) {
  const curves = curvesOf(scan.energiesMv);
  if (!curves || view === 'high' || view === 'low') return null;
  if (view === 'mass') {
    const [from, to] = endsOf(window);
    const [least, most] = [arealMass(curves, from), arealMass(curves, to)];
    return (
      <div className="scan-legend" data-testid="scan-legend">
        <svg viewBox="0 0 200 12" width="200" height="12" aria-hidden="true">
          {steps.map((i) => (
            <rect key={i} x={i * 5} width="5.5" height="12" fill={cssColour(massRow, 1 - i / 39)} />
          ))}
        </svg>
        <span>
          {Math.max(0, least).toFixed(0)} to {most.toFixed(0)} g/cm²
        </span>
        <span className="muted">as aluminium; organic and steel within a tenth, lead a third less</span>
      </div>
    );
  }
  return (
    <div className="scan-legend" data-testid="scan-legend">
      {materialClasses.map((name, row) => (
        <span key={name} title={examples[row]}>
          <svg viewBox="0 0 34 14" width="34" height="14" aria-hidden="true">
            <rect width="17" height="14" fill={cssColour(row, 0.75)} />
            <rect x="17" width="17" height="14" fill={cssColour(row, 0.35)} />
            <text x="17" y="11" textAnchor="middle">
              {letters[row]}
            </text>
          </svg>
          {name}
        </span>
      ))}
      <span>
        <svg viewBox="0 0 34 14" width="34" height="14" aria-hidden="true">
          <rect width="17" height="14" fill="rgb(190 190 190)" />
          <rect x="17" width="17" height="14" fill="rgb(90 90 90)" />
        </svg>
        grey: too thin or too dense to tell
      </span>
      {!isOwnBeam(curves, scan.energiesMv) && (
        <span className="warn">
          colours are those of {curves.highMv}/{curves.lowMv} MV, the nearest known
        </span>
      )}
    </div>
  );
}
