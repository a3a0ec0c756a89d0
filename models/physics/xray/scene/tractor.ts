import type { Assembly } from '../assembly.ts';
import { box, cylinder, type Span } from '../solids.ts';
import { addAxle, type WheelKind } from './wheels.ts';

/** A tractor: what differs between makes, mm. */
export interface TractorModel {
  readonly cab: { readonly from: number; readonly to: number; readonly bottom: number; readonly top: number };
  /** Bonnet before the cab: its length, 0 for a cab over the engine. */
  readonly bonnetMm: number;
  readonly engine: {
    readonly x: Span;
    readonly z: Span;
    readonly halfWidth: number;
    readonly density: number;
  };
  readonly frontAxleMm: number;
  readonly rearAxlesMm: readonly number[];
  readonly tank: { readonly kind: 'round' | 'square'; readonly x: Span };
  readonly containerXMm: number;
  readonly kingpinMm: number;
  readonly deckMm: number;
  readonly trailerWheels: WheelKind;
}

export const tractors = {
  'cabover-4x2': {
    cab: { from: 200, to: 2250, bottom: 950, top: 2950 },
    bonnetMm: 0,
    engine: { x: [700, 1850], z: [650, 1450], halfWidth: 380, density: 1.9 },
    frontAxleMm: 1450,
    rearAxlesMm: [5100],
    tank: { kind: 'square', x: [2600, 3900] },
    containerXMm: 3900,
    kingpinMm: 1100,
    deckMm: 1240,
    trailerWheels: 'single',
  },
  'cabover-6x4': {
    cab: { from: 180, to: 2480, bottom: 1000, top: 3650 },
    bonnetMm: 0,
    engine: { x: [650, 1950], z: [620, 1500], halfWidth: 420, density: 2.0 },
    frontAxleMm: 1420,
    rearAxlesMm: [4300, 5650],
    tank: { kind: 'round', x: [2550, 3500] },
    containerXMm: 4050,
    kingpinMm: 1000,
    deckMm: 1290,
    trailerWheels: 'twin',
  },
  'bonneted-6x4': {
    cab: { from: 1900, to: 3700, bottom: 950, top: 2950 },
    bonnetMm: 1650,
    engine: { x: [550, 1850], z: [700, 1600], halfWidth: 400, density: 2.1 },
    frontAxleMm: 1150,
    rearAxlesMm: [5700, 7000],
    tank: { kind: 'round', x: [3000, 4500] },
    containerXMm: 5300,
    kingpinMm: 1050,
    deckMm: 1220,
    trailerWheels: 'twin',
  },
  'day-cab-4x2': {
    cab: { from: 200, to: 1850, bottom: 900, top: 2650 },
    bonnetMm: 0,
    engine: { x: [600, 1650], z: [600, 1350], halfWidth: 360, density: 1.7 },
    frontAxleMm: 1300,
    rearAxlesMm: [4700],
    tank: { kind: 'square', x: [2200, 3200] },
    containerXMm: 3300,
    kingpinMm: 1300,
    deckMm: 1180,
    trailerWheels: 'twin',
  },
} as const satisfies Record<string, TractorModel>;

const half = 1220;

export function addTractor(parts: Assembly, model: TractorModel, fuel: number): void {
  addCab(parts, model);
  addEngine(parts, model);
  const rear = Math.max(...model.rearAxlesMm) + 700;
  for (const side of [-400, 400]) {
    parts.block([300, rear], [side - 4, side + 4], [720, 980], 'steel');
    for (const z of [720, 970]) parts.block([300, rear], [side - 40, side + 40], [z, z + 10], 'steel');
  }
  addAxle(parts, model.frontAxleMm, 'single');
  for (const axle of model.rearAxlesMm) addAxle(parts, axle, 'twin');
  for (const side of [-1, 1]) addTank(parts, model, side, fuel);
  const wheel = model.containerXMm + model.kingpinMm;
  parts.block([wheel - 450, wheel + 450], [-430, 430], [model.deckMm - 225, model.deckMm - 195], 'steel');
  const battery = model.tank.x[1] + 100;
  parts.block([battery, battery + 520], [-1050, -750], [600, 830], 'lead', 1.5);
  parts.block([battery, battery + 520], [-1050, -750], [600, 830], 'water', 0.5);
  parts.tube([battery, 800, 700], [battery + 600, 800, 700], 120, 4, 'steel');
}

function addCab(parts: Assembly, { cab, bonnetMm }: TractorModel): void {
  const { from, to, bottom, top } = cab;
  const slope = 180;
  const outline = [
    [from, bottom],
    [to, bottom],
    [to, top],
    [from + slope, top],
    [from, bottom + 1000],
  ] as const;
  for (const side of [-half, half - 1.6])
    parts.add({ kind: 'profile', outline, y: [side, side + 1.6] }, 'steel');
  // Doors have an inner panel and a window.
  for (const side of [-half + 60, half - 61])
    parts.block([from + 350, from + 1350], [side, side + 1], [bottom + 100, bottom + 900], 'steel');
  parts.add(
    { kind: 'profile', outline: windscreen(from, slope, bottom + 1000, top), y: [-1150, 1150] },
    'glass',
    0.9,
  );
  parts.block([to - 2, to], [-half, half], [bottom, top], 'steel', 4);
  parts.block([from, to], [-half, half], [bottom, bottom + 2], 'steel');
  parts.block([from + slope, to], [-half, half], [top - 3, top], 'steel', 5);
  parts.block([from + 40, from + 420], [-1100, 1100], [bottom + 600, bottom + 1000], 'polyethylene', 0.16);
  parts.tube([from + 420, 450, bottom + 650], [from + 640, 450, bottom + 1000], 22, 3, 'steel');
  for (const y of [-550, 550]) {
    parts.block([from + 800, from + 1330], [y - 260, y + 260], [bottom + 350, bottom + 520], 'foam', 0.12);
    parts.block([from + 1230, from + 1370], [y - 250, y + 250], [bottom + 520, bottom + 1250], 'foam', 0.12);
    parts.hollow([from + 850, from + 1280], [y - 200, y + 200], [bottom + 120, bottom + 350], 3, 'steel');
  }
  if (to - from > 1900)
    parts.block([to - 620, to - 40], [-1100, 1100], [bottom + 650, bottom + 800], 'foam', 0.06);
  // Bumper and radiator, or bonnet.
  const front = from - (bonnetMm > 0 ? bonnetMm - 60 : 0);
  parts.block([front - 80, front], [-1200, 1200], [450, 800], 'steel', 0.35);
  if (bonnetMm > 0) {
    const hood = [
      [from - bonnetMm, 800],
      [from, 800],
      [from, bottom + 900],
      [from - bonnetMm, bottom + 650],
    ] as const;
    for (const side of [-900, 896])
      parts.add({ kind: 'profile', outline: hood, y: [side, side + 4] }, 'polyester', 1.5);
  }
}

const windscreen = (from: number, slope: number, low: number, top: number) =>
  [
    [from, low],
    [from + 30, low],
    [from + slope + 30, top],
    [from + slope, top],
  ] as const;

/** Block, head and sump, with cylinders as voids; gearbox and shaft behind; radiator before. */
function addEngine(parts: Assembly, { engine, rearAxlesMm }: TractorModel): void {
  const { x, z, halfWidth, density } = engine;
  const y: Span = [-halfWidth, halfWidth];
  parts.block(x, y, [z[0] + 250, z[1]], 'iron', density);
  parts.block([x[0] + 60, x[1] - 120], [-250, 250], [z[0], z[0] + 250], 'aluminium', 0.7);
  const pitch = (x[1] - x[0] - 160) / 6;
  for (let i = 0; i < 6; i++) {
    const at = x[0] + 80 + pitch * (i + 0.5);
    parts.add(cylinder([at, 0, z[0] + 480], [at, 0, z[1] - 170], 62), 'iron', -density);
    parts.add(cylinder([at, 0, z[0] + 560], [at, 0, z[0] + 680], 58), 'aluminium', 1.8);
  }
  parts.add(cylinder([x[0] + 40, 0, z[0] + 330], [x[1] - 40, 0, z[0] + 330], 55), 'steel', 5);
  parts.block([x[0] - 220, x[0] - 120], [-400, 400], [z[0], z[1] - 50], 'aluminium', 0.55);
  parts.add(cylinder([x[1], 0, z[0] + 330], [x[1] + 750, 0, z[0] + 300], 190), 'aluminium', 1.5);
  parts.add(cylinder([x[1], 0, z[0] + 330], [x[1] + 650, 0, z[0] + 300], 90), 'steel', 4.5);
  const shaft = rearAxlesMm[0] ?? x[1] + 1800;
  parts.tube([x[1] + 750, 0, z[0] + 300], [shaft, 0, 540], 60, 6, 'steel');
  for (const axle of rearAxlesMm)
    parts.add({ kind: 'ellipsoid', centre: [axle, 0, 520], radii: [220, 210, 220] }, 'iron', 4.5);
  parts.block(
    [x[1] - 300, x[1] + 100],
    [-halfWidth - 170, -halfWidth],
    [z[0] + 350, z[0] + 650],
    'steel',
    1.3,
  );
}

function addTank(parts: Assembly, { tank }: TractorModel, side: number, fuel: number): void {
  const y: Span = side > 0 ? [560, 1180] : [-1180, -560];
  if (tank.kind === 'round') {
    const middle = (y[0] + y[1]) / 2;
    parts.tube([tank.x[0], middle, 640], [tank.x[1], middle, 640], 300, 3, 'aluminium');
    // A round tank's fuel: the box of the same level and mean width.
    const width = 500;
    const top = 345 + 590 * fuel;
    if (fuel > 0) parts.add(box(tank.x, [middle - width / 2, middle + width / 2], [345, top]), 'diesel');
    return;
  }
  parts.hollow(tank.x, y, [400, 980], 3, 'aluminium');
  if (fuel > 0)
    parts.block([tank.x[0] + 4, tank.x[1] - 4], [y[0] + 4, y[1] - 4], [404, 404 + 570 * fuel], 'diesel');
}
