import type { BeltView } from '#hub/api/types';
import { age } from '../format/time.ts';
import { StateWord } from '../parts/state-word.tsx';
import { SpectrumPlot } from './spectrum-plot.tsx';
import { massPercent, tonnes } from './words.ts';

/** Older than this, what is shown of the belt is old, ms. */
const staleMs = 10_000;

const shown: readonly {
  readonly name: string;
  readonly label: string;
  readonly digits: number;
  readonly unit: string;
}[] = [
  { name: 'massFlow', label: 'Flow', digits: 0, unit: 't/h' },
  { name: 'beltSpeed', label: 'Belt', digits: 2, unit: 'm/s' },
  { name: 'beltLoad', label: 'Load', digits: 0, unit: 'kg/m' },
  { name: 'massTotal', label: 'Totaliser', digits: 0, unit: 't' },
  { name: 'doseRate', label: 'Dose rate', digits: 3, unit: 'µSv/h' },
];

/** The belt now: its picture, its spectra, and what its gauges say, with their age. */
export function BeltPanel({ view, now }: { view: BeltView | undefined; now: number }) {
  const old = view !== undefined && now - Date.parse(view.time) > staleMs;
  const { picture, readings = {}, place, spectra = {} } = view ?? {};
  const stands = (readings.beltSpeed?.value ?? 1) < 0.02;
  return (
    <section className={`belt-panel${old ? ' old' : ''}`} data-testid="belt-panel">
      <h2>
        Belt{' '}
        {view === undefined ? (
          <StateWord look="waiting" word="no view yet" />
        ) : old ? (
          <StateWord look="warn" word={`nothing since ${age(Date.parse(view.time), now)}`} />
        ) : stands ? (
          <StateWord look="waiting" word="stands" />
        ) : (
          <StateWord look="good" word="runs" />
        )}
      </h2>
      <div className="belt-picture">
        {picture ? (
          <>
            <img src={`data:image/jpeg;base64,${picture.jpeg}`} alt={`The belt, ${picture.device}`} />
            <span className="tag">
              {picture.device} · {picture.time.slice(11, 19)}
              {picture.quality === 'good' ? '' : ` · ${picture.quality}`}
            </span>
          </>
        ) : (
          <span className="muted">No picture.</span>
        )}
      </div>
      <dl className="gauges">
        {shown.flatMap(({ name, label, digits, unit }) => {
          const reading = readings[name];
          if (!reading) return [];
          return [
            <div key={name} className={reading.quality === 'good' ? undefined : 'warn'}>
              <dt>{label}</dt>
              <dd>
                {digits === 0 ? tonnes(Math.round(reading.value)) : reading.value.toFixed(digits)}{' '}
                <small>{unit}</small>
              </dd>
            </div>,
          ];
        })}
        {Object.entries(readings).flatMap(([name, { value, unit, quality }]) =>
          unit === '%' ? (
            <div
              key={name}
              className={quality === 'good' ? undefined : 'warn'}
              title="Newest spectrum, by a calibration of its own"
            >
              <dt>{name}</dt>
              <dd>
                {massPercent(value)} <small>%{quality === 'good' ? '' : `, ${quality}`}</small>
              </dd>
            </div>
          ) : (
            []
          ),
        )}
        {place && (
          <div>
            <dt>Seen up to</dt>
            <dd>
              {tonnes(place.massT)} <small>t of {place.lot}</small>
            </dd>
          </div>
        )}
      </dl>
      <SpectrumPlot title="NIR" spectrum={spectra.nir} logarithmic={false} />
      <SpectrumPlot title="XRF" spectrum={spectra.xrf} logarithmic />
      <SpectrumPlot title="Gamma" spectrum={spectra.gamma} logarithmic />
    </section>
  );
}
