import { airLevel, type ScanAttributes } from '#flows/scan';
import { Beam } from './beam.ts';
import { blur, kernelOf } from './blur.ts';
import { type Defects, disturb } from './defects.ts';
import { type Fan, rowOf } from './fan.ts';
import { Noise } from './noise.ts';
import { Projector } from './projector.ts';
import { Random } from './random.ts';
import { blurSigmaMm, type CalibrationFault, type ScannerProfile } from './scanner.ts';
import { buildScene } from './scene/build.ts';
import type { SceneSpec } from './scene-spec.ts';
import type { SimulatedScan } from './simulated-scan.ts';
import { columnEdges } from './travel.ts';
import { Truth } from './truth.ts';

/** What a scan is made of. */
export interface ScanRequest {
  readonly seed: number;
  readonly scene: SceneSpec;
  /** Side of a pixel of the result, mm; absent: the scanner's own. */
  readonly pixelMm?: number;
  readonly calibrationFault?: CalibrationFault;
}

/** Air before and after the truck, mm. */
const marginMm = 400;

/** Simulates scans of one scanner; its beam is worked out once. */
export class Simulator {
  readonly scanner: ScannerProfile;
  readonly beam: Beam;

  constructor(scanner: ScannerProfile) {
    this.scanner = scanner;
    this.beam = new Beam(scanner.highMv, scanner.lowMv);
  }

  /** A calibrated scan with its truth. */
  scan(request: ScanRequest): SimulatedScan {
    const { scanner, beam } = this;
    const pixelMm = request.pixelMm ?? scanner.pixelMm;
    const scene = buildScene(request.scene);
    const projector = new Projector(scene.solids, scanner, beam, pixelMm);
    const { fan } = projector.tracer;
    const random = new Random(request.seed, 3);
    const edges = columnEdges(-marginMm, scene.lengthMm + marginMm, pixelMm, scanner.speedError, random);
    const columns = edges.length - 1;
    const truth = new Truth(columns, fan.rows, scene.loads);
    const high = new Float32Array(columns * fan.rows);
    const low = new Float32Array(columns * fan.rows);
    for (let column = 0; column < columns; column++) {
      const line = projector.at(edges[column] as number, edges[column + 1] as number, (load, row0, row1) =>
        truth.see(load, column, row0, row1),
      );
      truth.add(column, line.line);
      high.set(line.high, column * fan.rows);
      low.set(line.low, column * fan.rows);
    }
    const kernel = kernelOf(blurSigmaMm(scanner) / pixelMm);
    for (const plane of [high, low]) blur(plane, columns, fan.rows, kernel);
    const defects: Defects = {
      scanner,
      beam,
      pixelMm,
      columns,
      rows: fan.rows,
      fault: request.calibrationFault ?? {},
    };
    disturb(high, low, defects, new Noise(random));
    return {
      columns,
      rows: fan.rows,
      planes: ['high', 'low'],
      samples: samplesOf(high, low, columns, fan.rows),
      pixelMm,
      attributes: attributesOf(scanner, pixelMm, request.calibrationFault),
      truth: truth.finish(containerRegion(fan, scene.container.outside, edges)),
    };
  }
}

/** As `Pixels` of flows/scan.ts has it: column by column, in a column the high plane, then the low one. */
function samplesOf(high: Float32Array, low: Float32Array, columns: number, rows: number): Uint16Array {
  const samples = new Uint16Array(2 * columns * rows);
  const level = (t: number) => Math.min(65_535, Math.max(0, Math.round(t * airLevel)));
  for (let column = 0; column < columns; column++)
    for (let row = 0; row < rows; row++) {
      const from = column * rows + row;
      const into = 2 * column * rows + row;
      samples[into] = level(high[from] as number);
      samples[into + rows] = level(low[from] as number);
    }
  return samples;
}

function attributesOf(
  scanner: ScannerProfile,
  pixelMm: number,
  fault: CalibrationFault | undefined,
): SimulatedScan['attributes'] {
  const attributes: Pick<ScanAttributes, keyof SimulatedScan['attributes']> = {
    scanner: scanner.id,
    energiesMv: [scanner.highMv, scanner.lowMv],
    pixelMm,
    airLevel,
    started: new Date(0).toISOString(),
    calibration: fault ? 'stale' : 'good',
    badPixels: 0,
    speedMps: scanner.nominalSpeedMps,
  };
  return attributes;
}

function containerRegion(
  fan: Fan,
  {
    x,
    y,
    z,
  }: {
    readonly x: readonly [number, number];
    readonly y: readonly [number, number];
    readonly z: readonly [number, number];
  },
  edges: Float64Array,
) {
  const corners = y.flatMap((side) => z.map((height) => rowOf(fan, side, height)));
  const row = Math.max(0, Math.floor(Math.min(...corners)));
  const bottom = Math.min(fan.rows, Math.ceil(Math.max(...corners)));
  const column = edges.findIndex((edge) => edge > x[0]) - 1;
  const after = edges.findIndex((edge) => edge >= x[1]);
  return { column, row, columns: after - column, rows: bottom - row };
}
