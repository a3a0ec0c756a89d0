import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScanRegion } from '#flows/scan';
import type { SimulatedScan } from '#models/physics/xray/simulate';
import type { LoadedBundle } from '../../../bundle/load.ts';
import type { Metric } from '../../../bundle/schema.ts';
import { unseen } from '../heldout.ts';
import { aimRows } from './aims.ts';
import { chartSvg, type Line } from './charts.ts';
import type { Judgement } from './judge.ts';
import { calibrationOf, comparedAt, comparedLadder, ladderOf } from './metrics.ts';
import { chartPicture, scanPicture, sheet } from './pictures.ts';
import type { Row } from './row.ts';
import type { HeldOutScans } from './scans.ts';
import { heldOutSets, litres } from './sets.ts';

type Judge = (scan: SimulatedScan) => Promise<Judgement>;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function table(metrics: readonly Metric[]): string {
  const rows = metrics.map(
    ({ name, set, value, low, high, count }) =>
      `| ${set} | ${name} | ${name === 'auc' ? value.toFixed(4) : percent(value)} | ${name === 'auc' ? `${low.toFixed(4)} to ${high.toFixed(4)}` : `${percent(low)} to ${percent(high)}`} | ${count ?? ''} |`,
  );
  return [
    '| set | figure | value | 95 % interval | scans |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

const linesOf = (rows: readonly Row[]): Line[] => {
  const deployed = (set: 'S' | 'T', title: string, colour: string): Line => ({
    title,
    colour,
    points: ladderOf(rows, set).map(({ litre, share, from, to }) => ({
      x: litre,
      y: share,
      interval: { from, to },
    })),
  });
  const compared = (name: 'single' | 'residual', title: string, colour: string): Line => ({
    title,
    colour,
    dashed: true,
    points: comparedLadder(rows, 'S', name).map(({ litre, share }) => ({ x: litre, y: share })),
  });
  return [
    deployed('S', 'in the open', '#1565c0'),
    deployed('T', 'hidden', '#6a1b9a'),
    ...(rows.some(({ single }) => single !== undefined)
      ? [compared('single', 'open, one energy', '#ef6c00')]
      : []),
    compared('residual', 'open, no learning', '#757575'),
  ];
};

/** Where less than 90 % are found in the open: shown as failing. */
function failing(rows: readonly Row[]) {
  const ladder = ladderOf(rows, 'S');
  const works = ladder.find((_, i) => ladder.slice(i).every(({ share }) => share >= 0.9))?.litre;
  const [first = 0, last = 1] = [litres[0], litres.at(-1)];
  return { from: first, to: works ?? last, title: 'below 90 % in the open' };
}

async function charts(folder: string, rows: readonly Row[]): Promise<void> {
  const size = { title: 'litres of the load', ticks: litres, log: true };
  const detection = {
    title: 'Detection against the size of the load (simulated)',
    x: size,
    y: { title: 'detected' },
  };
  await chartPicture(
    join(folder, 'detection.png'),
    chartSvg({ ...detection, lines: linesOf(rows), failing: failing(rows) }),
  );
  const { bins } = calibrationOf(rows);
  const points = bins.map(({ mean, observed }) => ({ x: mean, y: observed }));
  const ideal: Line = {
    title: 'ideal',
    colour: '#9e9e9e',
    dashed: true,
    points: [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
  };
  await chartPicture(
    join(folder, 'calibration.png'),
    chartSvg({
      title: 'Reliability of the score on set G (simulated)',
      x: { title: 'score', ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], log: false },
      y: { title: 'loaded' },
      lines: [{ title: 'measured', colour: '#1565c0', points }, ideal],
    }),
  );
}

/** The weakest that were found, the strongest that were missed, and what empties were taken for loaded. */
function examples(rows: readonly Row[]): { readonly file: string; readonly rows: readonly Row[] }[] {
  const byDoubt = [...rows].sort((a, b) => Math.abs(a.dual) - Math.abs(b.dual));
  const some = (wanted: (row: Row) => boolean) => byDoubt.filter(wanted).slice(0, 3);
  const isLoaded = ({ kind }: Row) => kind !== 'empty';
  return [
    { file: 'found.png', rows: some((row) => isLoaded(row) && row.label === 'loaded') },
    { file: 'missed.png', rows: some((row) => isLoaded(row) && row.label === 'empty') },
    { file: 'false-alarms.png', rows: some((row) => !isLoaded(row) && row.label === 'loaded') },
  ].filter((sheetOf) => sheetOf.rows.length > 0);
}

async function pictureOf(row: Row, scans: HeldOutScans, judge: Judge): Promise<Buffer> {
  const group = heldOutSets.find(({ id }) => id === row.set)?.groups.find(({ id }) => id === row.group);
  if (!group) throw new RangeError(`There is no group ${row.set}/${row.group}.`);
  const scan = scans.make(group, row.seed);
  const { findings } = await judge(scan);
  const regions = findings.flatMap(({ region }) => (region === undefined ? [] : [region as ScanRegion]));
  const load = row.litres === undefined ? 'empty' : `${row.litres.toFixed(1)} l ${row.place ?? 'cargo'}`;
  const score = (1 / (1 + Math.exp(-row.dual))).toFixed(3);
  return scanPicture(
    scan,
    regions,
    `${row.set} seed ${row.seed}: ${load}, called ${row.label}, score ${score}`,
  );
}

/** CARD.md with its pictures, from the rows of this very run. */
export async function writeCard(
  { folder, manifest }: LoadedBundle,
  rows: readonly Row[],
  metrics: readonly Metric[],
  scans: HeldOutScans,
  judge: Judge,
): Promise<void> {
  const pictures = join(folder, 'card');
  await mkdir(pictures, { recursive: true });
  await charts(pictures, rows);
  const sheets = examples(rows);
  for (const { file, rows: some } of sheets) {
    const drawn: Buffer[] = [];
    for (const row of some) drawn.push(await pictureOf(row, scans, judge));
    await sheet(join(pictures, file), drawn);
  }
  const { title, summary, version, training, limits, thresholds, calibration, licence } = manifest;
  const rung = (set: 'S' | 'T') =>
    ladderOf(rows, set).map(
      ({ litre, hits, n, from, to }) =>
        `| ${set} | ${litre} | ${hits} of ${n} | ${percent(from)} to ${percent(to)} |`,
    );
  await writeFile(
    join(folder, 'CARD.md'),
    `# ${title}, ${version}

**Simulation-validated.** Every figure here is of simulated scans. No scan of a real container was used, for training or for
evaluation: none are public. Nothing is claimed for real ones.

${summary} Written by \`quaywatch model eval empty-container --write\` on ${rows.length} held-out scans; the sets are frozen by
hash in \`heldout.json\`.

## Sets

${heldOutSets.map(({ id, title: said, groups }) => `- **${id}**: ${said} (${groups.reduce((sum, { count }) => sum + count, 0)} scans)`).join('\n')}

Unseen goods: ${unseen.goods.join(', ')}; materials: ${unseen.materials.join(', ')}; containers: ${unseen.containers.join(', ')}; vehicles:
${unseen.vehicles.join(', ')}. In set H5 the box is not told that the calibration is bad; where it is told (\`stale\`, \`missing\`) the
model abstains.

Small loads are of 0.5 to 300 litres (lead and steel: to 20), a quarter of them hidden behind posts, rails, floor or wall, or in the plant
of a reefer; cargo fills a part of the container or all of it. In set H1 the limit of energies is lifted to see what it keeps out:
deployed, the model abstains there.

## Aims

| aim | measured | |
| --- | --- | --- |
${aimRows(metrics).join('\n')}

## Figures

At the deployed threshold ${JSON.stringify(thresholds)}, unless a row says otherwise.

${table(metrics)}

Rows "at ${comparedAt * 100} % false alarms" set each score's threshold on the empties of G themselves: \`dual\` is this model, \`single\` the same
network on the high energy alone, with less training (\`ablation/README.md\` has what each was trained with, and both at the same
training), \`residual\` the greatest 60 mm spot above an empty container fitted to
the scan by medians, \`mass\` the mean areal density; the last two are told where the container is.

## Where it fails

![Detection against litres](card/detection.png)

| set | litres | detected | 95 % interval |
| --- | --- | --- | --- |
${[...rung('S'), ...rung('T')].join('\n')}

Yellow: what is there. Red: what was found.
${sheets.map(({ file }) => `\n![${file.replace('.png', '')}](card/${file})`).join('\n')}

## Calibration

${calibration.method}. ${calibration.data ?? ''}

![Reliability](card/calibration.png)

## Limits of use

${limits.statements.map((said) => `- ${said}`).join('\n')}

## Training

${training.data} ${training.provenance} Code: \`${training.code}\`. Licence: ${licence}.
`,
  );
}
