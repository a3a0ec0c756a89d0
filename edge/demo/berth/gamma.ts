import type { Random } from '#models/physics/xray/random';

/** Channels of 10 keV from 0. */
const channels = 300;

const line = (energy: number, keV: number, counts: number) =>
  (counts / (45 * Math.sqrt(Math.PI))) * 10 * Math.exp(-(((energy - keV) / 45) ** 2));

/**
 * Gamma spectrum of a large scintillator over the belt, counts: a falling ground and the lines of potassium and thorium, some 700 a second,
 * a fifth fewer behind a full belt; a caesium source in the load on top. Its shape is assumed.
 */
export function gammaCounts(random: Random, load: number, sourceCounts: number): number[] {
  const passed = 1 - 0.2 * Math.min(1, Math.max(0, load));
  return Array.from({ length: channels }, (_, i) => {
    const energy = 10 * i + 5;
    const ground = 20 * Math.exp(-energy / 350) + line(energy, 1460, 10) + line(energy, 2614, 3);
    return random.poisson(ground * passed + line(energy, 662, sourceCounts));
  });
}
export const gammaAxis = { unit: 'keV', start: 5, step: 10 };
