import { encodeLine } from '#drivers/linescan/encode';
import type { RawLine } from '#flows/scan';

/** A scanner and an object of which every value of the picture is known by hand. */
export interface Scene {
  readonly elements: number;
  /** Transmission of the high energy at a place along the travel (mm) and a row. */
  transmission(mm: number, row: number): number;
  readonly lengthMm: number;
  readonly speedMps: number;
  /** Standard deviation of a reading in air over the reading; darker ones have more, as counts do. */
  readonly noise: number;
  readonly darkLines: number;
  readonly airLines: number;
  /** Relative scatter of the dose from pulse to pulse. */
  readonly doseJitter: number;
  /** Dose at a place, of what it usually is. */
  dose(mm: number): number;
  readonly seed: number;
  readonly startNs: bigint;
  readonly energies: readonly RawLine['energy'][];
  /** Where the object is at a pulse, mm; by default it moves at `speedMps`. */
  place?(pulse: number): number;
}

export const pulsesPerSecond = 400;
const darkAdu = 480;
const airAdu = 52_000;
const doseAdu = 20_000;
/** Low over high: the exponent of a metal at 6/4 MV. */
export const lowExponent = 1.15;

/** Steps of 100 mm in rows 8 to the last but 8, from air to 5 %. */
export const wedgeSteps = [1, 0.6, 0.3, 0.1, 0.05, 1];
export const wedge = (elements: number) => (mm: number, row: number) =>
  row < 8 || row >= elements - 8 ? 1 : (wedgeSteps[Math.floor(mm / 100)] ?? 1);

export function sceneOf(changes: Partial<Scene> = {}): Scene {
  const elements = changes.elements ?? 48;
  return {
    elements,
    transmission: wedge(elements),
    lengthMm: 600,
    speedMps: 0.4,
    noise: 0,
    darkLines: 40,
    airLines: 80,
    doseJitter: 0.02,
    dose: () => 1,
    seed: 1,
    startNs: 1_780_000_000_000_000_000n,
    energies: ['high', 'low'],
    ...changes,
  };
}

/** Numbers of 0..1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Dark, air and object lines of one scan, the last one with its end. */
export function* linesOf(scene: Scene): Generator<RawLine> {
  const random = randomOf(scene.seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const { elements, energies } = scene;
  const gains = Array.from({ length: elements }, () => 0.9 + 0.2 * random());
  const stepMm = (scene.speedMps * 1000) / pulsesPerSecond;
  const place = scene.place ?? ((pulse) => pulse * stepMm);
  const calibrations = scene.darkLines + scene.airLines;
  for (let line = 0; ; line++) {
    const beam = line < scene.darkLines ? 'dark' : line < calibrations ? 'air' : 'object';
    const energy = energies[line % energies.length] as RawLine['energy'];
    const pulse = Math.max(0, line - calibrations);
    const mm = beam === 'object' ? place(pulse) : 0;
    const end = beam === 'object' && mm >= scene.lengthMm;
    const dose = beam === 'dark' ? 0 : scene.dose(mm) * (1 + scene.doseJitter * normal());
    const samples = new Uint16Array(elements);
    for (let row = 0; row < elements; row++) {
      const seen = beam === 'object' ? scene.transmission(mm, row) : 1;
      const share = energy === 'low' ? seen ** lowExponent : seen;
      const signal = airAdu * (gains[row] as number) * dose * share;
      const noise = scene.noise > 0 ? Math.sqrt(signal * airAdu) * scene.noise * normal() + normal() : 0;
      samples[row] = Math.max(0, Math.min(65_535, Math.round(darkAdu + signal + noise)));
    }
    yield {
      energy,
      beam,
      end,
      line,
      timeNs: scene.startNs + (BigInt(line) * 1_000_000_000n) / BigInt(pulsesPerSecond),
      encoderUm: Math.round(mm * 1000),
      speedMps: beam === 'object' ? (place(pulse + 1) - mm) * (pulsesPerSecond / 1000) : 0,
      doseRef: dose * doseAdu,
      samples,
    };
    if (end) return;
  }
}

export const owner = { scanner: '00000000000051a1', scan: '0123456789abcdef0123456789abcdef' };

export const recordsOf = (lines: Iterable<RawLine>, of = owner): Buffer[] =>
  Array.from(lines, (line) => encodeLine(line, of));
