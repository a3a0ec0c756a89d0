import { useState } from 'react';
import type { CalibrationView, PredictionRow } from '#hub/api/laboratory-types';
import { place } from '../parts/plot.ts';
import { Chart, spanOf } from './chart.tsx';
import { CalibrationField, FileField, LabForm, Outcome, spectraHint } from './fields.tsx';
import { Figures, four } from './figures.tsx';
import { type Chosen, useRun } from './use-run.ts';

/** Values of spectra by a calibration, each with its interval, and which spectra it does not know the like of. */
export function PredictView({ calibrations }: { calibrations: readonly CalibrationView[] }) {
  const [from, setFrom] = useState<CalibrationView | undefined>(undefined);
  const [spectra, setSpectra] = useState<Chosen | undefined>(undefined);
  const run = useRun('predictions');
  const rows = (run.result?.rows ?? []) as readonly PredictionRow[];
  const first = rows[0];
  const outside = rows.filter((row) => row.outside.length > 0).length;
  return (
    <>
      <LabForm
        word="Predict"
        ready={from !== undefined && spectra !== undefined && !run.busy}
        onStart={() => from && run.start({ from: { id: from.id, version: from.version }, spectra })}
      >
        <CalibrationField calibrations={calibrations} chosen={from} onChoose={setFrom} />
        <FileField
          label="Spectra"
          hint={spectraHint}
          chosen={spectra}
          onChoose={setSpectra}
          testId="lab-spectra"
        />
      </LabForm>
      <Outcome run={run}>
        {first && (
          <>
            <Figures
              list={[
                ['spectra', String(rows.length)],
                ['mean', four(rows.reduce((sum, { value }) => sum + value, 0) / rows.length)],
                ['unlike the calibration, or beyond its range', `${outside}: not to be relied on`],
              ]}
            />
            <div className="lab-charts">
              <Chart
                title={`${first.target} with ${100 * first.confidence} % intervals; red: not to be relied on`}
                testId="lab-values-chart"
                xName="spectrum"
                yName={first.target}
                xSpan={{ from: 0, to: rows.length + 1 }}
                ySpan={spanOf(
                  rows.map(({ lower }) => lower),
                  rows.map(({ upper }) => upper),
                )}
              >
                {(x, y) =>
                  rows.map(({ index, value, lower, upper, outside: beyond }) => (
                    <g key={index} className={beyond.length > 0 ? 'lab-point suspect' : 'lab-point'}>
                      <line
                        x1={place(x, index + 1)}
                        x2={place(x, index + 1)}
                        y1={place(y, lower)}
                        y2={place(y, upper)}
                      />
                      <circle cx={place(x, index + 1)} cy={place(y, value)} r={3} />
                      <title>{`${index + 1}: ${four(value)}, ${four(lower)} to ${four(upper)}${beyond.length > 0 ? `, beyond ${beyond.join(', ')}` : ''}`}</title>
                    </g>
                  ))
                }
              </Chart>
              <Chart
                title="How unlike its own spectra: beyond a line, one in a hundred of its own are"
                xName="T2 over its limit"
                yName="Q over its limit"
                xSpan={{
                  from: 0,
                  to: Math.max(1.2, ...rows.map(({ t2, t2Limit }) => 1.05 * (t2 / t2Limit))),
                }}
                ySpan={{ from: 0, to: Math.max(1.2, ...rows.map(({ q, qLimit }) => 1.05 * (q / qLimit))) }}
              >
                {(x, y) => (
                  <>
                    <line x1={place(x, 1)} x2={place(x, 1)} y1={y.start} y2={y.end} className="lab-even" />
                    <line y1={place(y, 1)} y2={place(y, 1)} x1={x.start} x2={x.end} className="lab-even" />
                    {rows.map(({ index, t2, t2Limit, q, qLimit, outside: beyond }) => (
                      <circle
                        key={index}
                        cx={place(x, t2 / t2Limit)}
                        cy={place(y, q / qLimit)}
                        r={3}
                        className={beyond.length > 0 ? 'lab-dot suspect' : 'lab-dot'}
                      >
                        <title>{`spectrum ${index + 1}`}</title>
                      </circle>
                    ))}
                  </>
                )}
              </Chart>
            </div>
          </>
        )}
      </Outcome>
    </>
  );
}
