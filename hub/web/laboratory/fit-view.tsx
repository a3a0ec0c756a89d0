import { useState } from 'react';
import type { ElementRow, FitPicture } from '#hub/api/laboratory-types';
import { FileField, LabForm, Outcome } from './fields.tsx';
import { four } from './figures.tsx';
import { FitCharts } from './fit-charts.tsx';
import { type Chosen, useRun } from './use-run.ts';

/** Elements of a fluorescence spectrum, with what the fit makes of it. */
export function FitView() {
  const [file, setFile] = useState<Chosen | undefined>(undefined);
  const [calibration, setCalibration] = useState('');
  const [excitation, setExcitation] = useState('');
  const run = useRun('fits');
  const rows = (run.result?.rows ?? []) as readonly ElementRow[];
  const picture = run.result?.picture as FitPicture | null | undefined;
  return (
    <>
      <LabForm
        word="Fit"
        ready={file !== undefined && !run.busy}
        onStart={() =>
          run.start({
            file,
            ...(calibration.trim() === '' ? {} : { calibration: calibration.replaceAll(/\s/g, '') }),
            ...(excitation === '' ? {} : { excitationKeV: Number(excitation) }),
          })
        }
      >
        <FileField
          label="Spectrum"
          hint="Counts by channel: text, CSV, JCAMP-DX, or messages"
          chosen={file}
          onChoose={setFile}
          testId="lab-file"
        />
        <label className="lab-field">
          <span>Energies, keV</span>
          <input
            className="input"
            placeholder="of the file; else offset, gain"
            data-testid="lab-energies"
            value={calibration}
            onChange={({ target }) => setCalibration(target.value)}
          />
        </label>
        <label className="lab-field">
          <span>Excitation, keV</span>
          <input
            className="input"
            type="number"
            min={1.5}
            max={200}
            step="any"
            placeholder="by the end of the spectrum"
            value={excitation}
            onChange={({ target }) => setExcitation(target.value)}
          />
        </label>
      </LabForm>
      <Outcome run={run}>
        {picture && <FitCharts picture={picture} rows={rows} />}
        <table className="lab-table" data-testid="lab-elements">
          <thead>
            <tr>
              <th>Element</th>
              <th>Line</th>
              <th>keV</th>
              <th>Counts</th>
              <th>Error</th>
              <th>From here on it would be claimed</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.element} ${row.line}`} className={row.claimed ? '' : 'muted'}>
                <td>{row.element}</td>
                <td>{row.line}</td>
                <td>{row.energyKeV.toFixed(3)}</td>
                <td>{four(row.area)}</td>
                <td>{four(row.areaSigma)}</td>
                <td>{four(row.detectionLimit)}</td>
                <td>{row.claimed ? 'claimed' : 'not claimed'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Outcome>
    </>
  );
}
