import { Random } from '#models/physics/xray/random';
import { type ScannerProfile, scanners } from '#models/physics/xray/scanner';

/** How many machines of the make that is trained on are in the training set. */
export const variantCount = 12;

/**
 * Machines of G1's make: same energies, each with its own place in the lane, dose, blur, scatter and state of
 * repair. The first is G1 itself.
 */
export function variant(index: number): ScannerProfile {
  const { g1 } = scanners;
  if (index === 0) return g1;
  const random = new Random(index, 11);
  const dose = random.logBetween(0.2, 1.2);
  return {
    ...g1,
    id: `g1-${index}`,
    geometry: {
      ...g1.geometry,
      sourceToCentreMm: random.between(4200, 5600),
      sourceToDetectorMm: random.between(7400, 8800),
      sourceHeightMm: random.between(1000, 2000),
    },
    photonsHigh: g1.photonsHigh * dose,
    photonsLow: g1.photonsLow * dose,
    doseResidual: random.between(0.002, 0.005),
    gainResidual: random.between(0.001, 0.004),
    psfFwhmPixels: random.between(1, 1.9),
    afterglow: random.between(0.001, 0.008),
    scatter: {
      perThickness: random.between(0.008, 0.02),
      sigmaMm: random.between(150, 300),
      floor: random.logBetween(1e-4, 5e-4),
    },
    speedError: random.between(0.005, 0.08),
    lineShift: random.between(0, 0.2),
  };
}
