import type { ElementRow, FitPicture } from '#hub/api/laboratory-types';
import { place } from '../parts/plot.ts';
import { Chart, lineOf, spanOf } from './chart.tsx';

const least = 0.5;
const log = (values: readonly number[]) => values.map((value) => Math.log10(Math.max(least, value)));
const power = (mark: number) => (Number.isInteger(mark) ? `1e${mark}` : '');

/** A peak that no element explains, as short as it must be beside others: the anode of the tube that it may be of, unscattered. */
const markOf = (line: string | undefined): string =>
  line === undefined || line.endsWith('Compton') ? '?' : `${line.split(' ')[0]}?`;

/** Counts with the fit and its continuum, lines named where they are claimed; and what the fit leaves, in deviations. */
export function FitCharts({ picture, rows }: { picture: FitPicture; rows: readonly ElementRow[] }) {
  const { energyKeV, counts, model, baseline, unassignedKeV, tubeLines } = picture;
  const tubeAt = new Map(tubeLines.map((one) => [one.energyKeV, one.line]));
  // What is right of the last count is empty.
  const last = counts.reduce((found, count, i) => (count > 0 ? i : found), 0);
  const xSpan = { from: 0, to: energyKeV[Math.min(energyKeV.length - 1, last + 5)] ?? 1 };
  const ySpan = { from: Math.log10(least), to: Math.log10(Math.max(...counts, 10)) + 0.45 };
  const left = counts.map((count, i) => (count - (model[i] ?? 0)) / Math.sqrt(Math.max(1, model[i] ?? 0)));
  const heightAt = (keV: number) => {
    const at = energyKeV.findIndex((energy) => energy >= keV);
    return Math.log10(Math.max(least, ...counts.slice(Math.max(0, at - 3), at + 4)));
  };
  return (
    <>
      <div className="lab-charts wide">
        <Chart
          title="Counts, the fit, and the continuum below it"
          testId="lab-fit"
          xName="keV"
          yName="counts"
          xSpan={xSpan}
          ySpan={ySpan}
          yWord={power}
        >
          {(x, y) => (
            <>
              <path
                d={lineOf(x, y, energyKeV.slice(0, last), log(counts.slice(0, last)))}
                className="lab-counts"
              />
              <path
                d={lineOf(x, y, energyKeV.slice(0, last), log(baseline.slice(0, last)))}
                className="lab-even"
              />
              <path
                d={lineOf(x, y, energyKeV.slice(0, last), log(model.slice(0, last)))}
                className="lab-line"
              />
              {rows
                .filter(({ claimed }) => claimed)
                .map(({ element, line, energyKeV: keV }) => (
                  <text
                    key={`${element} ${line}`}
                    x={place(x, keV)}
                    y={place(y, heightAt(keV)) - 5}
                    textAnchor="middle"
                    className="lab-element"
                  >
                    {element}
                  </text>
                ))}
              {unassignedKeV.map((keV) => (
                <text
                  key={keV}
                  x={place(x, keV)}
                  y={place(y, heightAt(keV)) - 5}
                  textAnchor="middle"
                  className={`lab-element ${tubeAt.has(keV) ? 'tube' : 'suspect'}`}
                >
                  {markOf(tubeAt.get(keV))}
                </text>
              ))}
            </>
          )}
        </Chart>
        <Chart
          title="What the fit leaves, in standard deviations of the counts"
          xName="keV"
          yName="deviations"
          xSpan={xSpan}
          ySpan={spanOf(left.slice(0, last), [-5, 5])}
        >
          {(x, y) => (
            <path d={lineOf(x, y, energyKeV.slice(0, last), left.slice(0, last))} className="lab-counts" />
          )}
        </Chart>
      </div>
      {tubeLines.length > 0 && (
        <p className="lab-note muted" data-testid="lab-tube">
          {`Perhaps of the X-ray tube and not of the sample: ${tubeLines.map(({ energyKeV: keV, line }) => `${line} (${keV.toFixed(2)} keV)`).join(', ')}. By the energies of the lines alone; the excitation tells more.`}
        </p>
      )}
    </>
  );
}
