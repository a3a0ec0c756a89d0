import { useState } from 'react';
import type { CalibrationView } from '#hub/api/laboratory-types';
import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { useSelected } from '../state/store.ts';
import { useAsk } from '../tracks/use-ask.ts';
import { CalibrateView } from './calibrate-view.tsx';
import { FitView } from './fit-view.tsx';
import { KeptList } from './kept-list.tsx';
import { PredictView } from './predict-view.tsx';
import { TransferView } from './transfer-view.tsx';

const views = [
  ['calibrate', 'Calibrate'],
  ['transfer', 'To another instrument'],
  ['predict', 'Predict'],
  ['fluorescence', 'Fluorescence'],
] as const;

/** A laboratory's own calibrations, and single spectra looked at. */
export function LaboratoryArea() {
  const screen = useScreen();
  const set = useSelected(screen.address, (address) => address.set);
  const [version, setVersion] = useState(0);
  const kept = useAsk<CalibrationView[]>('/laboratory/calibrations', {}, version);
  const view = views.find(([name]) => name === set)?.[0] ?? 'calibrate';
  const calibrations = kept.answer ?? [];
  const onKept = () => setVersion((n) => n + 1);
  return (
    <div className="laboratory" data-testid="laboratory">
      <header>
        <h1>Laboratory</h1>
        <nav aria-label="What to do">
          {views.map(([name, words]) => (
            <button
              key={name}
              type="button"
              className="button quiet"
              aria-pressed={name === view}
              data-testid={`lab-view-${name}`}
              onClick={() => screen.navigate({ set: name })}
            >
              {words}
            </button>
          ))}
        </nav>
        <p className="muted">
          Nothing is claimed for materials, instruments and conditions that are not in the files that a
          calibration is made of.
        </p>
      </header>
      {kept.problem && <Problem problem={kept.problem} />}
      {view === 'calibrate' && <CalibrateView onKept={onKept} />}
      {view === 'transfer' && <TransferView calibrations={calibrations} onKept={onKept} />}
      {view === 'predict' && <PredictView calibrations={calibrations} />}
      {view === 'fluorescence' && <FitView />}
      {view !== 'fluorescence' && <KeptList calibrations={calibrations} />}
    </div>
  );
}
