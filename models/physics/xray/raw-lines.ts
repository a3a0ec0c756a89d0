import type { RawLine } from '#flows/scan';
import { Beam } from './beam.ts';
import { type DetectorFaults, Electronics } from './electronics.ts';
import { LineGrid } from './line-grid.ts';
import { type Halt, Motion } from './motion.ts';
import { Noise } from './noise.ts';
import { Projector } from './projector.ts';
import { Random } from './random.ts';
import { blurSigmaMm, type ScannerProfile } from './scanner.ts';
import { buildScene } from './scene/build.ts';
import type { SceneSpec } from './scene-spec.ts';

export interface RawLinesRequest {
  readonly seed: number;
  readonly scanner: ScannerProfile;
  readonly scene: SceneSpec;
  /** Of the truck; absent: the scanner's nominal one. */
  readonly speedMps?: number;
  /** Lines of both energies before the truck; the air ones come again behind it. */
  readonly darkLines?: number;
  readonly airLines?: number;
  /** Time of the first pulse, ns since 1970. */
  readonly startNs?: bigint;
  readonly halts?: readonly Halt[];
  readonly faults?: DetectorFaults;
}

/** Air before and after the truck, mm. */
const marginMm = 400;

/**
 * What a scanner says of one truck, in ADU: lines with the beam off, lines of air, those of the truck, and air again.
 * High and low alternate at the scanner's rate; rows are the elements, the same as those of a simulated scan at the
 * scanner's own pixel.
 */
export function* rawLines(request: RawLinesRequest): Generator<RawLine> {
  const { seed, scanner, darkLines = 64, airLines = 128, startNs = 0n, faults = {} } = request;
  const beam = new Beam(scanner.highMv, scanner.lowMv);
  const scene = buildScene(request.scene);
  const projector = new Projector(scene.solids, scanner, beam, scanner.pixelMm);
  const { rows } = projector.tracer.fan;
  const grid = new LineGrid(projector, scanner.pixelMm, blurSigmaMm(scanner) / scanner.pixelMm);
  const random = new Random(seed, 4);
  const factors = { high: beam.high.noiseFactor, low: beam.low.noiseFactor };
  const electronics = new Electronics(scanner, rows, factors, faults, new Noise(new Random(seed, 5)));
  const speed = request.speedMps ?? scanner.nominalSpeedMps;
  const motion = new Motion(-marginMm, speed, scanner.pulsesPerSecond, request.halts ?? [], random);
  // The wheel that counts the way is worn, or was never measured.
  const wheel = 1 + scanner.speedError * (2 * random.next() - 1);
  const air = new Float32Array(rows).fill(1);
  const periodNs = BigInt(Math.round(1e9 / scanner.pulsesPerSecond));
  let line = 0;
  const say = (beamState: RawLine['beam'], speedMps: number, end = false): RawLine => {
    const energy = line % 2 === 0 ? 'high' : 'low';
    const through = { dark: undefined, air, object: undefined }[beamState];
    const seen = beamState === 'object' ? grid.at(motion.xMm, energy) : through;
    const { samples, doseRef } = electronics.pulse(energy, line / scanner.pulsesPerSecond, motion.xMm, seen);
    const said: RawLine = {
      energy,
      beam: beamState,
      end,
      line,
      timeNs: startNs + BigInt(line) * periodNs,
      encoderUm: Math.round((motion.xMm + marginMm) * wheel * 1000),
      speedMps: speedMps * wheel,
      doseRef,
      samples,
    };
    line++;
    return said;
  };
  for (let i = 0; i < darkLines; i++) yield say('dark', 0);
  for (let i = 0; i < airLines; i++) yield say('air', 0);
  while (motion.xMm < scene.lengthMm + marginMm) yield say('object', motion.next());
  for (let i = 0; i < airLines; i++) yield say('air', motion.next(), i === airLines - 1);
}
