import { useState } from 'react';
import type { CalibrationPicture, CalibrationRow } from '#hub/api/laboratory-types';
import { CalibrationCharts } from './calibration-charts.tsx';
import { FileField, LabForm, Outcome, spectraHint, TextField } from './fields.tsx';
import { Figures, four } from './figures.tsx';
import { type Chosen, useRun } from './use-run.ts';

/** Names of the columns of a CSV file, by its first line. */
const columnsOf = (text: string): string[] =>
  (text.split(/\r?\n/, 1)[0] ?? '')
    .split(/[,;\t]/)
    .map((name) => name.trim().replace(/^"|"$/g, ''))
    .filter((name) => name !== '' && !/^(sample|sample_?id|id|lot)$/i.test(name));

/** A calibration from the laboratory's own spectra and values. */
export function CalibrateView({ onKept }: { onKept: () => void }) {
  const [spectra, setSpectra] = useState<Chosen | undefined>(undefined);
  const [values, setValues] = useState<Chosen | undefined>(undefined);
  const [target, setTarget] = useState('');
  const [components, setComponents] = useState('');
  const [name, setName] = useState('');
  const [unit, setUnit] = useState('%');
  const run = useRun('calibrations', onKept);
  const columns = values ? columnsOf(values.text) : [];
  const asked = columns.includes(target) ? target : (columns[0] ?? '');
  const ready = spectra !== undefined && values !== undefined && asked !== '' && !run.busy;
  const start = (keep: boolean) =>
    run.start({
      target: asked,
      ...(components === '' ? {} : { components: Number(components) }),
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      ...(unit.trim() === '' ? {} : { unit: unit.trim() }),
      spectra,
      values,
      keep,
    });
  const row = run.result?.rows[0] as CalibrationRow | undefined;
  const picture = run.result?.picture as CalibrationPicture | null | undefined;
  return (
    <>
      <LabForm
        word="Calibrate"
        ready={ready}
        onStart={() => start(false)}
        keep={{ ready: row !== undefined, onKeep: () => start(true) }}
      >
        <FileField
          label="Spectra"
          hint={spectraHint}
          chosen={spectra}
          onChoose={setSpectra}
          testId="lab-spectra"
        />
        <FileField
          label="Values of the laboratory"
          hint="CSV: a header of names, the same samples in the same order"
          chosen={values}
          onChoose={setValues}
          testId="lab-values"
        />
        <label className="lab-field">
          <span>What is calibrated</span>
          <select
            className="input"
            data-testid="lab-target"
            value={asked}
            disabled={columns.length === 0}
            onChange={({ target: field }) => setTarget(field.value)}
          >
            {columns.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          <small className="muted">A column of the values</small>
        </label>
        <TextField
          label="For"
          hint="Mine, brand or instrument: part of its name"
          example="Mine A"
          value={name}
          onChange={setName}
          testId="lab-name"
        />
        <TextField label="Unit" hint="Of the values" value={unit} onChange={setUnit} testId="lab-unit" />
        <label className="lab-field">
          <span>Components</span>
          <input
            className="input"
            type="number"
            min={1}
            max={50}
            placeholder="by cross-validation"
            value={components}
            onChange={({ target: field }) => setComponents(field.value)}
          />
          <small className="muted">Of the model</small>
        </label>
      </LabForm>
      <Outcome run={run}>
        {row && (
          <Figures
            list={[
              ['error in cross-validation', `${four(row.rmsecv)} ${row.unit}`],
              ['variance explained', `${four(100 * row.r2)} %`],
              ['bias', four(row.bias)],
              ['components', String(row.components)],
              ['samples', `${row.samples}, spectra of ${row.points} points`],
              ['preprocessing', row.preprocessing],
            ]}
          />
        )}
        {row && picture && <CalibrationCharts row={row} picture={picture} />}
      </Outcome>
    </>
  );
}
