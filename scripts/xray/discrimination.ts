import { type MaterialId, materials } from '#models/physics/xray/materials';
import type { Measured, Simulator } from '#models/physics/xray/simulate';
import { box } from '#models/physics/xray/solids';
import { statisticsOf, valuesIn } from './patches.ts';
import { measure, middleMm, patchAt, solid } from './phantom.ts';

export const depthsGCm2 = [5, 10, 20, 40, 60, 90, 120, 150] as const;
export const wedges: readonly MaterialId[] = ['polyethylene', 'aluminium', 'iron', 'lead'];

const stepMm = 120;
const xOf = (index: number) => (index - (depthsGCm2.length - 1) / 2) * stepMm;

/** A staircase of one material. */
function wedgeScan(simulator: Simulator, material: MaterialId, seed: number): Measured {
  const steps = depthsGCm2.map((depth, i) => {
    const half = ((depth / materials[material].densityGCm3) * 10) / 2;
    return solid(
      box([xOf(i) - stepMm / 2, xOf(i) + stepMm / 2], [-half, half], [middleMm - 150, middleMm + 150]),
      material,
    );
  });
  return measure(simulator, steps, seed);
}

export interface WedgePoint {
  readonly material: MaterialId;
  readonly depth: number;
  readonly transmission: number;
  /** Of the means of a patch of 100 mm. */
  readonly ratio: number;
  /** Of single pixels. */
  readonly pixelSd: number;
}

export interface Share {
  readonly depth: number;
  /** Right in a thousand draws: a pixel, and the mean over a patch of 50 mm. */
  readonly pixel: number;
  readonly patch: number;
}

/** The curve of each material from one scan, and how often another scan's pixels and patches fall nearest to their own. */
export function discrimination(simulator: Simulator) {
  const points = wedges.flatMap((material) => {
    const scan = wedgeScan(simulator, material, 1);
    return depthsGCm2.map((depth, i) => pointOf(scan, material, depth, i));
  });
  const shares: Share[] = depthsGCm2.map((depth) => ({ depth, pixel: 0, patch: 0 }));
  for (const material of wedges) {
    const scan = wedgeScan(simulator, material, 2);
    shares.forEach((share, i) => {
      const high = valuesIn(scan, 'high', patchAt(xOf(i), 100, 100));
      const low = valuesIn(scan, 'low', patchAt(xOf(i), 100, 100));
      const right = high.filter((value, k) => nearest(points, value, low[k] ?? 0) === material).length;
      const part = { pixel: right / high.length, patch: 0 };
      const patches = [-25, 25].map((shift) => patchAt(xOf(i) + shift, 50, 50));
      for (const patch of patches) {
        const means = (['high', 'low'] as const).map(
          (plane) => statisticsOf(valuesIn(scan, plane, patch)).mean,
        );
        if (nearest(points, means[0] ?? 0, means[1] ?? 0) === material) part.patch += 1 / patches.length;
      }
      shares[i] = {
        depth: share.depth,
        pixel: (shares[i]?.pixel ?? 0) + part.pixel / wedges.length,
        patch: (shares[i]?.patch ?? 0) + part.patch / wedges.length,
      };
    });
  }
  return { points, shares };
}

function pointOf(scan: Measured, material: MaterialId, depth: number, index: number): WedgePoint {
  const patch = patchAt(xOf(index), 100, 100);
  const high = valuesIn(scan, 'high', patch);
  const low = valuesIn(scan, 'low', patch);
  const [h, l] = [statisticsOf(high).mean, statisticsOf(low).mean];
  const single = high.flatMap((value, i) => {
    const other = low[i] ?? 0;
    return value > 0 && value < 1 && other > 0 ? [Math.log(other) / Math.log(value)] : [];
  });
  return {
    material,
    depth,
    transmission: h,
    ratio: Math.log(l) / Math.log(h),
    pixelSd: statisticsOf(single).sd,
  };
}

/** The material whose curve is nearest in the ratio, at the same transmission of the high plane. */
function nearest(points: readonly WedgePoint[], high: number, low: number): MaterialId | undefined {
  if (!(high > 0 && high < 1 && low > 0)) return undefined;
  const ratio = Math.log(low) / Math.log(high);
  let best: { readonly material: MaterialId; readonly off: number } | undefined;
  for (const material of wedges) {
    const curve = points.filter((point) => point.material === material);
    const off = Math.abs(ratio - curveAt(curve, Math.log(high)));
    if (!best || off < best.off) best = { material, off };
  }
  return best?.material;
}

function curveAt(curve: readonly WedgePoint[], logHigh: number): number {
  let after = curve.findIndex((point) => Math.log(point.transmission) < logHigh);
  if (after < 1) after = after === 0 ? 1 : curve.length - 1;
  const [a, b] = [curve[after - 1], curve[after]];
  if (!a || !b) return Number.NaN;
  const [xa, xb] = [Math.log(a.transmission), Math.log(b.transmission)];
  return a.ratio + ((b.ratio - a.ratio) * (logHigh - xa)) / (xb - xa);
}
