import { airLevel, type ScanAttributes } from '#flows/scan';
import { Beam } from './beam.ts';
import { blur, kernelOf } from './blur.ts';
import { disturb } from './defects.ts';
import { type Fan, rowOf } from './fan.ts';
import { Noise } from './noise.ts';
import { Projector } from './projector.ts';
import { Random } from './random.ts';
import { blurSigmaMm, type CalibrationFault, type ScannerProfile } from './scanner.ts';
import { buildScene } from './scene/build.ts';
import type { SceneSpec } from './scene-spec.ts';
import type { SimulatedScan } from './simulated-scan.ts';
import type { Solid } from './solids.ts';
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

/** Any solids to be measured from one place to another, mm. */
export interface MeasureRequest extends Omit<ScanRequest, 'scene'> {
  readonly solids: readonly Solid[];
  readonly fromMm: number;
  readonly toMm: number;
}

/** Transmission by plane, `[column * rows + row]`, 1 is air: before it is rounded to samples. */
export interface Measured {
  readonly columns: number;
  readonly rows: number;
  readonly pixelMm: number;
  /** Where the first column begins and the first row has its upper edge, mm. */
  readonly fromMm: number;
  readonly topMm: number;
  readonly high: Float32Array;
  readonly low: Float32Array;
  readonly fan: Fan;
  /** Where columns really begin and end, mm. */
  readonly edges: Float64Array;
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
    const scene = buildScene(request.scene);
    const pixelMm = request.pixelMm ?? this.scanner.pixelMm;
    const truth = new Truth(scene.loads);
    const { columns, rows, high, low, fan, edges } = this.measure(
      {
        seed: request.seed,
        solids: scene.solids,
        fromMm: -marginMm,
        toMm: scene.lengthMm + marginMm,
        pixelMm,
        ...(request.calibrationFault ? { calibrationFault: request.calibrationFault } : {}),
      },
      truth,
    );
    return {
      columns,
      rows,
      planes: ['high', 'low'],
      samples: samplesOf(high, low, columns, rows),
      pixelMm,
      attributes: attributesOf(this.scanner, pixelMm, request.calibrationFault),
      truth: truth.finish(containerRegion(fan, scene.container.outside, edges)),
    };
  }

  /** Calibrated transmission of any solids; `truth` is told of every line. */
  measure(request: MeasureRequest, truth?: Truth): Measured {
    const { scanner, beam } = this;
    const { fromMm, toMm, pixelMm = scanner.pixelMm } = request;
    const projector = new Projector(request.solids, scanner, beam, pixelMm);
    const { fan } = projector.tracer;
    const { rows, topMm } = fan;
    const random = new Random(request.seed, 3);
    const edges = columnEdges(fromMm, toMm, pixelMm, scanner.speedError, random);
    const columns = edges.length - 1;
    truth?.begin(columns, rows);
    const high = new Float32Array(columns * rows);
    const low = new Float32Array(columns * rows);
    for (let column = 0; column < columns; column++) {
      const line = projector.at(edges[column] as number, edges[column + 1] as number, (load, row0, row1) =>
        truth?.see(load, column, row0, row1),
      );
      truth?.add(column, line.line);
      high.set(line.high, column * rows);
      low.set(line.low, column * rows);
    }
    const kernel = kernelOf(blurSigmaMm(scanner) / pixelMm);
    for (const plane of [high, low]) blur(plane, columns, rows, kernel);
    const fault = request.calibrationFault ?? {};
    disturb(high, low, { scanner, beam, pixelMm, columns, rows, fault }, new Noise(random));
    return { columns, rows, pixelMm, fromMm, topMm, high, low, fan, edges };
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
