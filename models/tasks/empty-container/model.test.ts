import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FindingMessage } from '#flows/inference';
import { airLevel, type FrameMessage, type Pixels, type ScanAttributes } from '#flows/scan';
import type { RunModel } from '../task.ts';
import { EmptyContainer } from './model.ts';
import { prepare } from './prepare.ts';
import type { Settings } from './settings.ts';
import { cellColumns, cellPixels, cellRows, tileColumns, tileRows } from './tiles.ts';

const settings: Settings = {
  limits: {
    energiesMv: [[6, 4]],
    pixelMm: { min: 4, max: 12 },
    heightMm: { min: 2000, max: 4800 },
    lostLinesMax: 0.02,
    badPixelsMax: 0.02,
    saturatedMax: 0.01,
    containerLengthMm: { min: 5000, max: 14_000 },
    containerAreaM2Min: 8,
  },
  calibration: { bias: -4, peak: 1, area: 0.5 },
};
const traced = { signed: false, sha256: 'ab', simulationValidated: true, threshold: 0.5 };
const identity = { id: 'empty-container', version: '1', ...traced };
const signal = { stopped: false, onStop: () => {} };

/** A network that can be reasoned about: walls are inside a container, what is thicker than 5 g/cm2 is load. */
const runModel: RunModel = (raw, call) => {
  const tile = new Float32Array(2 * tileRows * tileColumns);
  prepare(raw, call?.params, { areal: { data: tile, dims: [1, 2, tileRows, tileColumns] } });
  const cells = cellRows * cellColumns;
  const logits = new Float32Array(3 * cells).fill(-10);
  for (let row = 0; row < cellRows; row++)
    for (let column = 0; column < cellColumns; column++) {
      const areal = tile[row * cellPixels * tileColumns + column * cellPixels] as number;
      const cell = row * cellColumns + column;
      if (areal > 5) logits[cell] = 10;
      if (areal > 1) logits[2 * cells + cell] = 10;
    }
  return Promise.resolve({ logits: { data: logits, dims: [1, 3, cellRows, cellColumns] } });
};

const rows = 300;
const pixelMm = 10;
const columns = 900;

/** A container of 6.4 by 2.4 m, with boxes of load in it. */
function scanWith(loads: readonly { x: number; y: number; side: number }[]): Pixels {
  const samples = new Uint16Array(columns * 2 * rows).fill(airLevel);
  const put = (x0: number, y0: number, w: number, h: number, share: number) => {
    for (let x = x0; x < x0 + w; x++)
      for (let p = 0; p < 2; p++)
        for (let y = y0; y < y0 + h; y++) samples[(x * 2 + p) * rows + y] = airLevel * share;
  };
  put(100, 20, 640, 240, 0.88);
  for (const { x, y, side } of loads) put(x, y, side, side, 0.4);
  return { samples, columns, rows, planes: ['high', 'low'], column0: 0 };
}

const attributes: ScanAttributes = {
  scanner: 'a1',
  energiesMv: [6, 4],
  pixelMm,
  airLevel,
  started: '2026-01-01T00:00:00Z',
  first: false,
  last: false,
  calibration: 'good',
  lines: { received: 2000, lost: 0, doubled: 0, damaged: 0 },
  badPixels: 0,
  saturated: 0,
  speedMps: 0.5,
};

interface Cutting {
  readonly cuts: readonly number[];
  readonly change?: (attributes: ScanAttributes, strip: number) => ScanAttributes;
  readonly missed?: number;
}

/** Runs a scan through the model in strips; what was said on the way and in the end. */
async function judge(scan: Pixels, { cuts, change = (a) => a, missed }: Cutting) {
  const frames = {
    read: (frame: FrameMessage, before = 0): Promise<Pixels> => {
      const column0 = Math.max(0, (frame.line0 ?? 0) - before);
      const end = (frame.line0 ?? 0) + frame.width;
      const size = 2 * scan.rows;
      const samples = scan.samples.slice(column0 * size, end * size);
      return Promise.resolve({ ...scan, samples, columns: end - column0, column0 });
    },
  };
  const model = new EmptyContainer(identity, settings, frames, runModel);
  const edges = [...new Set([0, ...cuts.filter((cut) => cut > 0 && cut < scan.columns), scan.columns])];
  edges.sort((a, b) => a - b);
  let known: unknown;
  const early: FindingMessage[] = [];
  let final: readonly FindingMessage[] = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const line0 = edges[i] as number;
    const last = i + 2 === edges.length;
    const frame: FrameMessage = {
      kind: 'frame',
      quality: 'good',
      view: 'side',
      width: (edges[i + 1] as number) - line0,
      height: scan.rows,
      planes: ['high', 'low'],
      bits: 16,
      data: { file: 'f', offset: 0, sha256: '' },
      scan: 's',
      line0,
      attributes: { scan: change({ ...attributes, last, ...(last && { end: 'complete' }) }, i) },
    };
    if (missed === i) known = model.miss(known, frame, 'model.late');
    else {
      const said = model.add(known, frame, JSON.parse(JSON.stringify(await model.run(frame, signal))));
      known = JSON.parse(JSON.stringify(said.known));
      early.push(...said.findings);
    }
    if (last) final = model.conclude(known, frame);
  }
  return { early, final, known };
}

const label = async (scan: Pixels, cutting: Cutting) => (await judge(scan, cutting)).final[0];

describe('a scan through the model', () => {
  it('is empty, and says where the container is', async () => {
    expect(await label(scanWith([]), { cuts: [400] })).toMatchObject({
      label: 'empty',
      scan: 's',
      evidence: { container: { row: 20, rows: 240 } },
      attributes: { final: true, ...traced },
    });
  });

  it('is loaded, and says where, once over the seam of two tiles', async () => {
    const { final, early } = await judge(scanWith([{ x: 240, y: 100, side: 40 }]), { cuts: [300, 600] });
    expect(final.map((said) => said.label)).toEqual(['loaded', 'load']);
    expect(final[1]?.region).toEqual({ column: 240, row: 100, columns: 40, rows: 40 });
    expect(early.map((said) => [said.label, said.attributes['final']])).toContainEqual(['load', false]);
  });

  it('says the same however it was cut', async () => {
    const scan = scanWith([
      { x: 250, y: 60, side: 30 },
      { x: 500, y: 200, side: 12 },
    ]);
    const whole = await judge(scan, { cuts: [] });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: columns - 1 }), { maxLength: 6 }), async (cuts) => {
        const cut = await judge(scan, { cuts });
        expect(JSON.stringify(cut.known)).toBe(JSON.stringify(whole.known));
        expect(JSON.stringify(cut.final)).toBe(JSON.stringify(whole.final));
        expect(cut.early).toHaveLength(whole.early.length);
      }),
      { numRuns: 8 },
    );
  });

  const abstains: readonly (readonly [string, Cutting, string])[] = [
    [
      'missing calibration',
      { cuts: [], change: (a) => ({ ...a, calibration: 'missing' }) },
      'calibration is missing',
    ],
    [
      'stale calibration',
      { cuts: [], change: (a) => ({ ...a, calibration: 'stale' }) },
      'calibration is stale',
    ],
    [
      'unknown energies',
      { cuts: [], change: (a) => ({ ...a, energiesMv: [7, 5] }) },
      'energies 7/5 MV are unknown',
    ],
    [
      'pixels outside',
      { cuts: [], change: (a) => ({ ...a, pixelMm: 15 }) },
      'pixels of 15 mm are outside the limits',
    ],
    [
      'a saturated strip in the middle',
      { cuts: [300, 600], change: (a, i) => ({ ...a, saturated: i === 1 ? 0.1 : 0 }) },
      'detector is saturated',
    ],
    [
      'dead elements',
      { cuts: [], change: (a) => ({ ...a, badPixels: 60 }) },
      'too many detector elements are dead',
    ],
    [
      'lost lines',
      { cuts: [], change: (a) => ({ ...a, lines: { ...a.lines, lost: 200 } }) },
      'too many lines were lost',
    ],
    ['a scan cut short', { cuts: [], change: (a) => ({ ...a, end: 'cut' }) }, 'scan ended early: cut'],
    ['a strip nobody looked at', { cuts: [300], missed: 0 }, 'a strip was not looked at: model.late'],
  ];
  it.each(abstains)('abstains for %s, loaded or not', async (_, cutting, reason) => {
    for (const loads of [[], [{ x: 240, y: 100, side: 40 }]]) {
      const final = (await judge(scanWith(loads), cutting)).final;
      expect(final).toHaveLength(1);
      expect(final[0]).toMatchObject({ label: 'abstained', score: 0, attributes: { final: true } });
      expect(final[0]?.evidence).toMatchObject({ reasons: expect.arrayContaining([reason]) });
    }
  });

  it('abstains where there is no container, or not a whole one', async () => {
    const air = { ...scanWith([]), samples: new Uint16Array(columns * 2 * rows).fill(airLevel) };
    expect((await label(air, { cuts: [] }))?.evidence).toMatchObject({ reasons: ['no container was found'] });
    const part = { ...scanWith([]), columns: 400 };
    expect((await label(part, { cuts: [] }))?.evidence).toMatchObject({
      reasons: ['no whole container was found'],
    });
  });

  it('keeps little of a scan that is full of noise', async () => {
    const scan = scanWith([]);
    scan.samples.forEach((sample, i) => {
      if (sample < airLevel && (i * 2_654_435_761) % 97 < 9) scan.samples[i] = 20_000;
    });
    const { known } = await judge(scan, { cuts: [] });
    expect(JSON.stringify(known).length).toBeLessThan(16_000);
  });
});

it('a tile has the rows and columns that the network was exported with', () => {
  expect([tileRows % 32, tileColumns % 32]).toEqual([0, 0]);
});
