import { useState } from 'react';
import type { CalibrationView, TransferRow } from '#hub/api/laboratory-types';
import { place } from '../parts/plot.ts';
import { Chart } from './chart.tsx';
import { CalibrationField, FileField, LabForm, Outcome } from './fields.tsx';
import { Figures, four } from './figures.tsx';
import { type Chosen, useRun } from './use-run.ts';

/** A calibration taken to another instrument by a few samples that both have measured. */
export function TransferView({
  calibrations,
  onKept,
}: {
  calibrations: readonly CalibrationView[];
  onKept: () => void;
}) {
  const [from, setFrom] = useState<CalibrationView | undefined>(undefined);
  const [primary, setPrimary] = useState<Chosen | undefined>(undefined);
  const [secondary, setSecondary] = useState<Chosen | undefined>(undefined);
  const run = useRun('transfers', onKept);
  const ready = from !== undefined && primary !== undefined && secondary !== undefined && !run.busy;
  const start = (keep: boolean) =>
    from && run.start({ from: { id: from.id, version: from.version }, primary, secondary, keep });
  const row = run.result?.rows[0] as TransferRow | undefined;
  return (
    <>
      <LabForm
        word="Transfer"
        ready={ready}
        onStart={() => start(false)}
        keep={{ ready: row !== undefined, onKeep: () => start(true) }}
      >
        <CalibrationField calibrations={calibrations} chosen={from} onChoose={setFrom} />
        <FileField
          label="On its own instrument"
          hint="CSV of some samples"
          chosen={primary}
          onChoose={setPrimary}
          testId="lab-primary"
        />
        <FileField
          label="On the other instrument"
          hint="The same samples in the same order"
          chosen={secondary}
          onChoose={setSecondary}
          testId="lab-secondary"
        />
      </LabForm>
      <Outcome run={run}>
        {row && (
          <Figures
            list={[
              ['difference to its own instrument before', four(row.rmsBefore)],
              ['after, on samples left out in turn', four(row.rmsAfter)],
              ['method', row.method],
              ['samples', String(row.samples)],
              ['added to the interval', four(row.transferSigma)],
            ]}
          />
        )}
        {row && <Tried row={row} />}
      </Outcome>
    </>
  );
}

/** Every method that was tried, the taken one marked. */
function Tried({ row: { tried, method, rmsBefore } }: { row: TransferRow }) {
  const all = [{ method: 'as it is', rms: rmsBefore }, ...tried];
  return (
    <div className="lab-charts">
      <Chart
        title={`What was tried: ${all.map((one, i) => `${i + 1} ${one.method}`).join(', ')}`}
        testId="lab-tried"
        xName="method"
        yName="difference, root mean square"
        xSpan={{ from: 0.5, to: all.length + 0.5 }}
        ySpan={{ from: 0, to: 1.06 * Math.max(...all.map(({ rms }) => rms)) }}
      >
        {(x, y) =>
          all.map((one, i) => (
            <rect
              key={one.method}
              x={place(x, i + 0.65)}
              width={place(x, i + 1.35) - place(x, i + 0.65)}
              y={place(y, one.rms)}
              height={Math.max(0, place(y, 0) - place(y, one.rms))}
              className={one.method === method ? 'lab-bar taken' : 'lab-bar'}
            >
              <title>{`${one.method}: ${four(one.rms)}`}</title>
            </rect>
          ))
        }
      </Chart>
    </div>
  );
}
