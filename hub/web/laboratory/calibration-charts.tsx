import type { CalibrationPicture, CalibrationRow } from '#hub/api/laboratory-types';
import { place } from '../parts/plot.ts';
import { bandOf, Chart, lineOf, spanOf } from './chart.tsx';

/** A calibration in four pictures: how well, with how many components, on what spectra, and by which wavelengths. */
export function CalibrationCharts({ row, picture }: { row: CalibrationRow; picture: CalibrationPicture }) {
  const { axis, low, middle, high, coefficients, coefficientSigmas, measured, predicted } = picture;
  const both = spanOf(measured, predicted);
  const suspects = new Set(picture.suspects.map(({ row: place }) => place));
  const counts = row.rmsecvByComponents.map((_, i) => i + 1);
  const lower = coefficients.map((value, i) => value - 2 * (coefficientSigmas[i] ?? 0));
  const upper = coefficients.map((value, i) => value + 2 * (coefficientSigmas[i] ?? 0));
  const xSpan = spanOf(axis);
  return (
    <div className="lab-charts four">
      <Chart
        title={`${row.target}: measured, and predicted without having been seen`}
        testId="lab-predicted"
        xName={`measured ${row.target}`}
        yName="predicted in cross-validation"
        xSpan={both}
        ySpan={both}
      >
        {(x, y) => (
          <>
            <path d={lineOf(x, y, [both.from, both.to], [both.from, both.to])} className="lab-even" />
            {measured.map((value, i) => (
              <circle
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
                key={i}
                cx={place(x, value)}
                cy={place(y, predicted[i] ?? Number.NaN)}
                r={suspects.has(i) ? 5 : 3}
                className={suspects.has(i) ? 'lab-dot suspect' : 'lab-dot'}
              >
                <title>{`row ${i + 1}: ${value}, predicted ${predicted[i]}`}</title>
              </circle>
            ))}
          </>
        )}
      </Chart>
      <Chart
        title={`Error of cross-validation by components: ${row.components} taken`}
        testId="lab-components"
        xName="components"
        yName="RMSECV"
        xSpan={{ from: 0.5, to: counts.length + 0.5 }}
        ySpan={{ from: 0, to: 1.06 * Math.max(...row.rmsecvByComponents) }}
      >
        {(x, y) =>
          row.rmsecvByComponents.map((error, i) => (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: the number of components is the index
              key={i}
              x={place(x, i + 0.65)}
              width={Math.max(1, place(x, i + 1.35) - place(x, i + 0.65))}
              y={place(y, error)}
              height={Math.max(0, place(y, 0) - place(y, error))}
              className={i + 1 === row.components ? 'lab-bar taken' : 'lab-bar'}
            />
          ))
        }
      </Chart>
      <Chart
        title="The spectra: the middle one, and nine of ten of them"
        xName="wavelength, as the file has it"
        yName="as measured"
        xSpan={xSpan}
        ySpan={spanOf(low, high)}
      >
        {(x, y) => (
          <>
            <path d={bandOf(x, y, axis, low, high)} className="lab-band" />
            <path d={lineOf(x, y, axis, middle)} className="lab-line" />
          </>
        )}
      </Chart>
      <Chart
        title="What each wavelength counts for, with two standard errors"
        xName={`wavelength, spectra ${row.preprocessing === 'none' ? 'as measured' : `by ${row.preprocessing}`}`}
        yName="coefficient"
        xSpan={xSpan}
        ySpan={spanOf(lower, upper)}
      >
        {(x, y) => (
          <>
            <path d={lineOf(x, y, [xSpan.from, xSpan.to], [0, 0])} className="lab-even" />
            <path d={bandOf(x, y, axis, lower, upper)} className="lab-band" />
            <path d={lineOf(x, y, axis, coefficients)} className="lab-line" />
          </>
        )}
      </Chart>
    </div>
  );
}
