import type { Result } from './figures.ts';
import { shown } from './gallery.ts';
import { seenFrom } from './plates.ts';
import type { meanVariance } from './variance.ts';

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const orNone = (value: number | undefined, unit: string) =>
  value === undefined ? 'none seen' : `${value} ${unit}`;

const machine = ({ scanner }: Result) =>
  `${scanner.id} (${scanner.highMv}/${scanner.lowMv} MV, ${scanner.pixelMm} mm)`;

function penetrationTable(results: readonly Result[]): string {
  const depths = results[0]?.penetration.map(({ mm }) => mm) ?? [];
  const rows = results.map((result) => {
    const until = result.penetration.filter(
      ({ clarity }, i) =>
        clarity >= seenFrom && result.penetration.slice(0, i).every((less) => less.clarity >= seenFrom),
    );
    return [
      machine(result),
      orNone(until.at(-1)?.mm, 'mm'),
      ...result.penetration.map(({ clarity }) => clarity.toFixed(1)),
    ];
  });
  return table(['scanner', 'seen up to', ...depths.map((mm) => `${mm} mm`)], rows);
}

function plateTable(
  results: readonly Result[],
  of: (result: Result) => readonly (readonly [number, string])[],
): string {
  const first = results[0];
  const head = first ? of(first).map(([mm]) => (mm === 0 ? 'in air' : `behind ${mm} mm`)) : [];
  return table(
    ['scanner', ...head],
    results.map((result) => [machine(result), ...of(result).map(([, cell]) => cell)]),
  );
}

/** The report as Markdown. */
export function page(results: readonly Result[], variance: ReturnType<typeof meanVariance>): string {
  const bars = results[0]?.resolution.map(({ mm }) => mm) ?? [];
  const worst = Math.max(
    ...variance.points.map(({ mean, variance: v }) => Math.abs(v / variance.expected(mean) - 1)),
  );
  return `# Acceptance of the simulated X-ray scanners

Written by \`node scripts/xray/report.mjs\`. **All of this is virtual**: the scanners, the test objects and the readings are
those of \`models/physics/xray\`. The tests have the headings of IEC 62523 (cargo inspection above 500 keV): steel
penetration, wire detection, contrast sensitivity, spatial resolution, material discrimination. The text of the standard was not
seen: objects, procedures and limits are ours, as described here, and nothing below is a claim of conformance.

A thing counts as seen when the mean over it differs by at least ${seenFrom} standard deviations from equal patches beside it, in
each of three scans; the speed is known exactly. A person who looks for it without knowing where needs more.
Three scans are few, and stripes of rows weigh on level wires: a limit is good to about one step of its list.

## Steel penetration

A steel piece of 100 x 100 mm, a fifth as thick as the plate, behind a plate. Numbers are standard deviations.

${penetrationTable(results)}

## Contrast sensitivity

The least steel added over 100 x 100 mm that is seen, as a share of the plate.

${plateTable(results, ({ contrast }) => contrast.map(({ mm, percent }) => [mm, orNone(percent, '%')]))}

## Wire detection

The thinnest steel wire of 300 mm that is seen, upright / level.

${plateTable(results, ({ wires }) => wires.map(({ mm, upright, level }) => [mm, `${orNone(upright, 'mm')} / ${orNone(level, 'mm')}`]))}

## Spatial resolution

Grids of steel bars, 20 mm thick, as wide as their gaps: modulation along travel / height as a share of that of 40 mm bars.

${table(
  ['scanner', ...bars.map((mm) => `${mm} mm`)],
  results.map((result) => [
    machine(result),
    ...result.resolution.map(
      ({ alongTravel, alongHeight }) => `${alongTravel.toFixed(2)} / ${alongHeight.toFixed(2)}`,
    ),
  ]),
)}

![Modulation over the width of bars](resolution.png)

## Material discrimination

Stairs of polyethylene, aluminium, iron and lead; each reading goes to the material whose curve, taken in another scan, is
nearest in R = ln T low / ln T high at its transmission. One in four is right by chance. Share right of pixels / patches of 50 mm:

${table(
  ['scanner', ...(results[0]?.discrimination.shares ?? []).map(({ depth }) => `${depth} g/cm2`)],
  results.map((result) => [
    machine(result),
    ...result.discrimination.shares.map(
      ({ pixel, patch }) => `${(100 * pixel).toFixed(0)} / ${(100 * patch).toFixed(0)} %`,
    ),
  ]),
)}

![Share told right over depth](discrimination.png)

Lines are the physics without scatter or noise, dots are measured with both. The curve of lead begins above that of organic
goods and falls through all the others: thin lead looks organic, and where curves cross two materials look the same. Layers of two
materials can look like a third. A picture of materials is a hint that gets better with area, never the truth of a pixel.

${results.map(({ scanner }) => `![R of ${scanner.id}](ratio-${scanner.id}.png)`).join('\n')}

## Noise

Variance of single pixels against their mean behind 0 to 300 mm of steel: compound Poisson noise of the photons (the
line, with the spectrum's own factor) and the electronics. Largest difference: ${(100 * worst).toFixed(0)} %.

![Mean and variance](mean-variance.png)

## Scenes

Scanner g1 at 10 mm, grey by the logarithm of transmission; a steep scale for empty containers, a flat one for full ones.

${shown.map(({ file, title }) => `![${title}](${file})\n*${title}*`).join('\n\n')}

## What is not in it

Scatter is a blur along the detector that grows with thickness, not a transport calculation. Beams, filters and detector are
typical, of no make. The boom is straight. Trucks, containers and goods are solids of plain shapes. Nothing was compared with a
real cargo scanner: no public raw images of one are known to us.
`;
}
