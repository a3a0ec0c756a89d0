import type { MaterialId } from '#models/physics/xray/materials';
import { materials } from '#models/physics/xray/materials';
import type { ScannerProfile } from '#models/physics/xray/scanner';
import type { Simulator } from '#models/physics/xray/simulate';
import { type discrimination, wedges } from './discrimination.ts';
import type { contrast, penetration, wires } from './plates.ts';
import { plotPng, type Series } from './plot.ts';
import type { resolution } from './resolution.ts';
import type { meanVariance } from './variance.ts';

/** What was measured of one scanner. */
export interface Result {
  readonly scanner: ScannerProfile;
  readonly penetration: ReturnType<typeof penetration>;
  readonly contrast: ReturnType<typeof contrast>;
  readonly wires: ReturnType<typeof wires>;
  readonly resolution: ReturnType<typeof resolution>;
  readonly discrimination: ReturnType<typeof discrimination>;
}

const colours: Partial<Record<MaterialId, string>> = {
  polyethylene: '#e07b00',
  aluminium: '#2e8b57',
  iron: '#2060c0',
  lead: '#7b2fa0',
};
const palette = ['#2060c0', '#c03030', '#2e8b57', '#e07b00', '#7b2fa0', '#555555'];
const colourOf = (i: number) => palette[i % palette.length] ?? '#000';

/** Ratio of the logarithms over depth: lines without noise or scatter, dots as measured. */
export function ratioPlot(simulator: Simulator, { points }: Result['discrimination'], file: string) {
  const { highMv, lowMv } = simulator.scanner;
  const series = wedges.flatMap((material): Series[] => {
    const colour = colours[material] ?? '#000';
    const line = Array.from({ length: 38 }, (_, i) => {
      const depth = 2 + i * 4;
      const { high, low } = simulator.beam.exact(materials[material].composition, depth);
      return [depth, Math.log(low) / Math.log(high)] as const;
    });
    const dots = points
      .filter((point) => point.material === material)
      .map(({ depth, ratio }) => [depth, ratio] as const);
    return [
      { name: material, colour, points: line },
      { name: 'measured', colour, points: dots, dots: true },
    ];
  });
  const ys = series.flatMap(({ points: all }) => all.map(([, y]) => y));
  const from = Math.floor(Math.min(...ys) * 20 - 0.2) / 20;
  const to = Math.ceil(Math.max(...ys) * 20 + 0.2) / 20;
  const ticks = Array.from({ length: Math.round((to - from) / 0.05) + 1 }, (_, i) =>
    Number((from + i * 0.05).toFixed(2)),
  );
  return plotPng(
    {
      title: `${highMv}/${lowMv} MV (virtual): ln T low / ln T high`,
      x: { label: 'areal density, g/cm2', from: 0, to: 160, ticks: [0, 40, 80, 120, 160] },
      y: { label: 'R', from, to, ticks },
      series,
    },
    file,
  );
}

export function resolutionPlot(results: readonly Result[], file: string) {
  const series = results.flatMap(({ scanner, resolution: bars }, i): Series[] => [
    {
      name: `${scanner.id} travel`,
      colour: colourOf(2 * i),
      points: bars.map(({ mm, alongTravel }) => [mm, alongTravel]),
    },
    {
      name: `${scanner.id} height`,
      colour: colourOf(2 * i + 1),
      points: bars.map(({ mm, alongHeight }) => [mm, alongHeight]),
    },
  ]);
  return plotPng(
    {
      title: 'Bars of steel (virtual): modulation over that of 40 mm bars',
      x: { label: 'width of bar and gap, mm', from: 4, to: 20, ticks: [4, 8, 12, 16, 20] },
      y: { label: 'relative modulation', from: 0, to: 1.1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
      series,
    },
    file,
  );
}

export function discriminationPlot(results: readonly Result[], file: string) {
  const series = results.flatMap(({ scanner, discrimination: { shares } }, i): Series[] => [
    {
      name: `${scanner.id} pixel`,
      colour: colourOf(2 * i),
      points: shares.map(({ depth, pixel }) => [depth, pixel]),
    },
    {
      name: `${scanner.id} 50 mm`,
      colour: colourOf(2 * i + 1),
      points: shares.map(({ depth, patch }) => [depth, patch]),
    },
  ]);
  return plotPng(
    {
      title: 'Polyethylene, Al, Fe or Pb (virtual): share told right',
      x: { label: 'areal density, g/cm2', from: 0, to: 160, ticks: [0, 40, 80, 120, 160] },
      y: { label: 'right', from: 0, to: 1.05, ticks: [0, 0.25, 0.5, 0.75, 1] },
      series,
    },
    file,
  );
}

export function variancePlot({ points, expected }: ReturnType<typeof meanVariance>, file: string) {
  const line = Array.from({ length: 60 }, (_, i) => 10 ** (-4.3 + (4.3 * i) / 59));
  return plotPng(
    {
      title: 'Variance of a pixel over its mean, 6 MV (virtual)',
      x: { label: 'mean transmission', from: 3e-5, to: 1.2, ticks: [1e-4, 1e-3, 1e-2, 1e-1, 1], log: true },
      y: {
        label: 'variance',
        from: 1e-10,
        to: 1e-4,
        ticks: [1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4],
        log: true,
      },
      series: [
        { name: 'photons', colour: '#2060c0', points: line.map((mean) => [mean, expected(mean)]) },
        {
          name: 'measured',
          colour: '#c03030',
          points: points.map(({ mean, variance }) => [mean, variance]),
          dots: true,
        },
      ],
    },
    file,
  );
}
