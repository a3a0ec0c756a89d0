import { leastSquares } from '../physics/xray/least-squares.ts';
import type { Series } from './lines.ts';
import type { Response } from './response.ts';
import { fitSpectrum, type Measured, type SeriesTemplates, seriesTemplates } from './spectrum-fit.ts';

/** What is refined: how large a step is tried for its slope, and how far it may go. */
interface Parameter {
  readonly name: 'offsetKeV' | 'gainKeV' | 'noiseKeV' | 'tailShare' | 'fano' | 'escapeScale';
  readonly step: number;
  readonly low: number;
  readonly high: number;
}

/** Bounds around what the file says of its energies, and around what silicon detectors are. */
const parametersOf = ({ offsetKeV, gainKeV }: Response, span: number): Parameter[] => [
  { name: 'offsetKeV', step: 0.001, low: offsetKeV - 0.04, high: offsetKeV + 0.04 },
  { name: 'gainKeV', step: 0.001 / span, low: gainKeV * 0.994, high: gainKeV * 1.006 },
  { name: 'noiseKeV', step: 0.002, low: 0.03, high: 0.3 },
  { name: 'fano', step: 0.004, low: 0.085, high: 0.17 },
  { name: 'tailShare', step: 0.003, low: 0, high: 0.12 },
  { name: 'escapeScale', step: 0.05, low: 0.2, high: 3 },
];

const steps = 6;

/** Betters gain, offset, width and tail by Gauss and Newton, with all areas fitted anew at each step. */
export function refine(
  measured: Measured,
  series: readonly Series[],
  begin: Response,
  reachOf: (response: Response) => number,
): Response {
  const channels = measured.counts.length;
  const parameters = parametersOf(begin, channels);
  const attempt = (response: Response) => {
    const templates: SeriesTemplates[] = series.map((one) => seriesTemplates(one, response, channels));
    const fit = fitSpectrum(measured, templates, reachOf(response));
    return { response, ...fit };
  };
  let now = attempt(begin);
  for (let step = 0; step < steps; step++) {
    const { response, model, weights } = now;
    const slopes = parameters.map(({ name, step: by }) => {
      const moved = attempt({ ...response, [name]: response[name] + by }).model;
      return moved.map((value, i) => (value - (model[i] as number)) / by);
    });
    const rows = Array.from(model, (_, i) => Float64Array.from(slopes, (slope) => slope[i] as number));
    const right = measured.counts.map((count, i) => count - (model[i] as number));
    const change = leastSquares(rows, right, weights);
    const limited = (share: number): Response => {
      const made: { -readonly [Name in keyof Response]: Response[Name] } = { ...response };
      for (const [k, { name, low, high }] of parameters.entries()) {
        const by = Number.isFinite(change[k]) ? share * (change[k] as number) : 0;
        made[name] = Math.min(high, Math.max(low, response[name] + by));
      }
      return made;
    };
    // Weights change with the model, so a step is judged by the misfit in weights that stay.
    const misfit = (of: Float64Array) =>
      of.reduce(
        (sum, value, i) => sum + (weights[i] as number) * ((measured.counts[i] as number) - value) ** 2,
        0,
      );
    const before = misfit(model);
    const next = [1, 0.4, 0.1]
      .map((share) => attempt(limited(share)))
      .find(({ model: of }) => misfit(of) < before);
    if (!next) break;
    const gained = before - misfit(next.model);
    now = next;
    if (gained < 1e-3 * before) break;
  }
  return now.response;
}
