import type { ReactNode } from 'react';
import type { CalibrationView } from '#hub/api/laboratory-types';
import { Problem } from '../parts/problem.tsx';
import type { Chosen, Run } from './use-run.ts';

/** One file from the computer of whoever sits there. */
export function FileField({
  label,
  hint,
  chosen,
  onChoose,
  testId,
}: {
  label: string;
  hint: string;
  chosen: Chosen | undefined;
  onChoose: (file: Chosen) => void;
  testId: string;
}) {
  return (
    <label className="lab-field">
      <span>{label}</span>
      <input
        type="file"
        className="input"
        data-testid={testId}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) void file.text().then((text) => onChoose({ name: file.name, text }));
        }}
      />
      <small className="muted">
        {chosen ? `${chosen.name}, ${Math.ceil(chosen.text.length / 1000)} kB` : hint}
      </small>
    </label>
  );
}

/** A few words. */
export function TextField({
  label,
  hint,
  example = '',
  value,
  onChange,
  testId,
}: {
  label: string;
  hint: string;
  example?: string;
  value: string;
  onChange: (text: string) => void;
  testId: string;
}) {
  return (
    <label className="lab-field">
      <span>{label}</span>
      <input
        className="input"
        maxLength={40}
        data-testid={testId}
        value={value}
        placeholder={example}
        onChange={({ target }) => onChange(target.value)}
      />
      <small className="muted">{hint}</small>
    </label>
  );
}

export const nameOf = ({ id, version }: Pick<CalibrationView, 'id' | 'version'>) => `${id} ${version}`;

/** One of the calibrations that the hub has. */
export function CalibrationField({
  calibrations,
  chosen,
  onChoose,
}: {
  calibrations: readonly CalibrationView[];
  chosen: CalibrationView | undefined;
  onChoose: (one: CalibrationView | undefined) => void;
}) {
  return (
    <label className="lab-field">
      <span>Calibration</span>
      <select
        className="input"
        data-testid="lab-calibration"
        value={chosen ? nameOf(chosen) : ''}
        onChange={({ target }) => onChoose(calibrations.find((one) => nameOf(one) === target.value))}
      >
        <option value="">Choose one of {calibrations.length}</option>
        {calibrations.map((one) => (
          <option key={nameOf(one)} value={nameOf(one)}>
            {nameOf(one)}: {one.title}
          </option>
        ))}
      </select>
      <small className="muted">
        {chosen?.summary ?? 'Those that were kept here, or imported with quaywatch bundle import'}
      </small>
    </label>
  );
}

/** What is given, and what can be asked of it: to compute, and to keep what was computed. */
export function LabForm({
  word,
  ready,
  onStart,
  keep,
  children,
}: {
  word: string;
  ready: boolean;
  onStart: () => void;
  keep?: { readonly ready: boolean; onKeep(): void };
  children: ReactNode;
}) {
  return (
    <form
      className="lab-form"
      onSubmit={(event) => {
        event.preventDefault();
        onStart();
      }}
    >
      {children}
      <div className="actions">
        <button type="submit" className="button" disabled={!ready} data-testid="lab-start">
          {word}
        </button>
        {keep && (
          <button
            type="button"
            className="button"
            disabled={!ready || !keep.ready}
            onClick={keep.onKeep}
            data-testid="lab-keep"
          >
            Keep it in the hub
          </button>
        )}
      </div>
    </form>
  );
}

/** Spectra as they are wanted everywhere but where two instruments are compared. */
export const spectraHint = 'CSV: a header row of wavelengths, a spectrum a row';

/** Below a form: that it computes, what was wrong, and what the computation says beside its figures. */
export function Outcome({ run, children }: { run: Run; children: ReactNode }) {
  return (
    <section className="lab-outcome" aria-live="polite">
      {run.busy && <p className="waiting">Computing …</p>}
      {run.problem && <Problem problem={run.problem} />}
      {!run.busy && run.result?.kept && (
        <p className="lab-kept" data-testid="lab-kept">
          Kept as {nameOf(run.result.kept)}: signed, and can be released to boxes.
        </p>
      )}
      {!run.busy && run.result && children}
      {!run.busy && run.result && run.result.notes.length > 0 && (
        <details open={run.result.notes.length < 6}>
          <summary>
            {run.result.notes.length === 1 ? 'A remark' : `${run.result.notes.length} remarks`}
          </summary>
          {run.result.notes.map((note) => (
            <p key={note} className="muted">
              {note}
            </p>
          ))}
        </details>
      )}
    </section>
  );
}
