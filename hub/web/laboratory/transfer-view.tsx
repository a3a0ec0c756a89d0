import { useState } from 'react';
import type { CalibrationView, TransferRow } from '#hub/api/laboratory-types';
import { CalibrationField, FileField, LabForm, Outcome, TextField } from './fields.tsx';
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
  const [name, setName] = useState('');
  const run = useRun('transfers', onKept);
  const ready = from !== undefined && primary !== undefined && secondary !== undefined && !run.busy;
  const start = (keep: boolean) =>
    from &&
    run.start({
      from: { id: from.id, version: from.version },
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      ...{ primary, secondary, keep },
    });
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
        <TextField
          label="The other instrument"
          hint="Part of the new calibration's name"
          example="nir-2"
          value={name}
          onChange={setName}
          testId="lab-name"
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

/** Every method that was tried, the taken one marked; bars by the logarithm, since they differ by decades. */
function Tried({ row: { tried, method } }: { row: TransferRow }) {
  const logs = tried.map(({ rms }) => Math.log10(Math.max(1e-12, rms)));
  const [least, most] = [Math.min(...logs) - 0.3, Math.max(...logs)];
  return (
    <table className="lab-table" data-testid="lab-tried">
      <thead>
        <tr>
          <th>Method</th>
          <th>Difference, root mean square</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {tried.map((one, i) => (
          <tr key={one.method} className={one.method === method ? 'taken' : ''}>
            <td>
              {one.method}
              {one.method === method && ', taken'}
            </td>
            <td>{four(one.rms)}</td>
            <td className="lab-share">
              <span style={{ width: `${(100 * ((logs[i] ?? least) - least)) / (most - least)}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
