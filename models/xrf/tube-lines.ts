import { energyOf, readLines, seriesOf } from './lines.ts';
import { type Response, sigmaKeV } from './response.ts';

/** What the anodes of X-ray tubes are usually made of; what excites their lines inside the tube, keV. */
const anodes = ['Mo', 'Rh', 'Ag', 'W', 'Au'] as const;
const tubeKeV = 50;
/** A peak is at a line when it is no further away than so much of its own width, or than an energy calibration errs. */
const widths = 1.5;
const leastKeV = 0.04;
/** Angles of scattering that instruments have, degrees; electron mass, keV. */
const [leastAngle, mostAngle] = [80, 160] as const;
const electronKeV = 511;
/** Softer lines hardly change their energy, and hardly come back from a sample. */
const comptonFromKeV = 8;

/** A peak that no element explains, and a line of a tube that it may be. */
export interface TubeLine {
  readonly energyKeV: number;
  /** As people write it: `Rh Ka`, `Rh Ka Compton`. */
  readonly line: string;
}

const scattered = (keV: number, degrees: number): number =>
  keV / (1 + (keV / electronKeV) * (1 - Math.cos((degrees * Math.PI) / 180)));

/** Lines of an anode by their name, keV: its K lines, or its L lines where the tube does not excite those. */
function linesOf(symbol: string): { name: string; keV: number }[] {
  const element = readLines().get(symbol);
  const all = element ? seriesOf(element, tubeKeV) : [];
  const series = all.find((one) => one.series === 'K') ?? all.find((one) => one.series === 'L');
  const named = new Set(['Ka', 'Kb', 'La', 'Lb', 'Lg']);
  return (series?.groups ?? [])
    .filter(({ name }) => named.has(name))
    .map((group) => ({ name: group.name, keV: energyOf(group) }));
}

/**
 * Lines of usual tubes that peaks which no element explains may be: as they left the tube, or after a Compton scattering in the sample. A tube is named only where its
 * strongest line is among the peaks; that it is a tube's and no element's is likely, and no more.
 */
export function tubeLines(peaksKeV: readonly number[], response: Response): TubeLine[] {
  const found = new Map<number, string>();
  for (const symbol of anodes) {
    const lines = linesOf(symbol);
    const reach = (keV: number) => Math.max(leastKeV, widths * sigmaKeV(response, keV));
    const at = (peak: number) =>
      lines
        .map(({ name, keV }) => ({ name, off: Math.abs(peak - keV), keV }))
        .filter(({ off, keV }) => off <= reach(keV))
        .sort((a, b) => a.off - b.off)[0]?.name;
    if (!peaksKeV.some((peak) => at(peak) === 'Ka' || at(peak) === 'La')) continue;
    for (const peak of peaksKeV) {
      const compton = lines.find(
        ({ keV }) =>
          keV >= comptonFromKeV &&
          peak <= scattered(keV, leastAngle) + reach(keV) &&
          peak >= scattered(keV, mostAngle) - reach(keV),
      );
      const name = at(peak) ?? (compton && `${compton.name} Compton`);
      if (name !== undefined && !found.has(peak)) found.set(peak, `${symbol} ${name}`);
    }
  }
  return peaksKeV.flatMap((energyKeV) => {
    const line = found.get(energyKeV);
    return line === undefined ? [] : [{ energyKeV, line }];
  });
}
