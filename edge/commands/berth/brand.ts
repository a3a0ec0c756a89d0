import type { OreWorld } from '#models/physics/ore/berth';
import type { Brand } from '#models/physics/ore/materials';
import { UsageError } from '../command.ts';

/** A brand of the tables. Throws a UsageError that names them all. */
export function brandOf({ materials: { brands } }: OreWorld, name: string): Brand {
  const found = brands.find((brand) => brand.name === name);
  if (found) return found;
  throw new UsageError(`There is no brand ${name}: ${brands.map((brand) => brand.name).join(', ')}.`);
}
