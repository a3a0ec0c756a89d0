import { writeContainer } from './container/write.ts';

const width = 96;
const height = 48;
const air = 60_000;

/** Transmission of a plate with a hole and a block in it: what a drawing shows, and no physics. */
function transmissionAt(x: number, y: number, turn: number): number {
  if (x < 8 || x >= width - 8 || y < 6) return 1;
  const block = 16 + (turn % 8) * 8;
  if (x >= block && x < block + 8 && y >= 20 && y < 32) return 0.05;
  return 0.6;
}

const drawn = (turn: number, power: number): Uint16Array =>
  Uint16Array.from({ length: width * height }, (_, at) =>
    Math.round(air * transmissionAt(at % width, Math.floor(at / width), turn) ** power),
  );

/** A small scan container, another one each turn: drawn, not measured, and it says so. */
export function exampleScan(turn: number, now: number): Buffer {
  return writeContainer(
    {
      width,
      height,
      view: 'side',
      facts: {
        scan: `drawn-${now}-${turn}`,
        device: 'simulated-scanner',
        started: new Date(now).toISOString(),
        energiesMv: [6, 4],
        pixelMm: 20,
        airLevel: [air],
        calibration: 'good',
        speedMps: 0.4,
      },
      system: { maker: 'Quaywatch', model: 'drawn, not measured' },
      annotations: [{ text: 'Simulated.' }],
    },
    [
      { name: 'high', kind: 'intensity', samples: drawn(turn, 1) },
      { name: 'low', kind: 'intensity', samples: drawn(turn, 1.2) },
    ],
  );
}
