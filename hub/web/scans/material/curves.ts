import { beams, depths } from '../generated/curves.ts';
import { maxDepth } from '../pixels/depth.ts';

/** The four colours of cargo scanners, lightest atoms first. */
export const materialClasses = ['organic', 'inorganic', 'metal', 'heavy'] as const;
export type MaterialClass = (typeof materialClasses)[number];

export type BeamCurves = (typeof beams)[number];

/** Curves of the beam nearest to a scanner's two energies; undefined for one energy: it tells no material. */
export function curvesOf(energiesMv: readonly number[]): BeamCurves | undefined {
  const [high, low] = [Math.max(...energiesMv), Math.min(...energiesMv)];
  if (energiesMv.length < 2 || high === low) return undefined;
  const away = (beam: BeamCurves) => Math.hypot(beam.highMv - high, beam.lowMv - low);
  return [...beams].sort((a, b) => away(a) - away(b))[0];
}

/** Whether the curves are those of the scanner's own energies, and not of the nearest known. */
export const isOwnBeam = (beam: BeamCurves, energiesMv: readonly number[]): boolean =>
  beam.highMv === Math.max(...energiesMv) && beam.lowMv === Math.min(...energiesMv);

/** A curve over `depths` at a depth, linear between its points and flat or straight on beyond them. */
export function along(curve: readonly number[], depth: number, fromNought = false): number {
  const first = depths[0] as number;
  if (depth <= first) return fromNought ? ((curve[0] as number) * depth) / first : (curve[0] as number);
  const at = Math.min(
    Math.max(
      1,
      depths.findIndex((each) => each >= depth),
    ),
    depths.length - 1,
  );
  const right = depth >= maxDepth ? depths.length - 1 : at;
  const [x0, x1] = [depths[right - 1] as number, depths[right] as number];
  const share = Math.min(1, (depth - x0) / (x1 - x0));
  return (curve[right - 1] as number) * (1 - share) + (curve[right] as number) * share;
}

/** Ratio ln T_low / ln T_high that a class has at a depth. */
export const ratioOf = (beam: BeamCurves, name: MaterialClass, depth: number): number =>
  along(beam[name].ratio, depth);

/** Areal density, g/cm2: of aluminium, from which carbon and steel differ by less than a tenth, lead by a third. */
export const arealMass = (beam: BeamCurves, depth: number): number =>
  along(beam.inorganic.gCm2, Math.max(0, depth), true);
