import type { OreModel, OreModels } from '#flows/ore/model';
import type { FrameMessage, FrameSource } from '#flows/scan';
import { renderBelt } from '#models/physics/ore/belt-picture';
import type { OreWorld } from '#models/physics/ore/berth';
import { CargoLot, drawWaste } from '#models/physics/ore/cargo';
import { drawForeignBody } from '#models/physics/ore/foreign-bodies';
import { lookOfOre, lookOfWaste } from '#models/physics/ore/looks';
import { Random } from '#models/physics/xray/random';
import type { WeekLot } from './plan.ts';

export const [pictureWidth, pictureHeight] = [640, 352];
/** Tonnes from picture to picture. */
const apartT = 50;

/**
 * Pictures of the belt by name, made when first asked for and kept: so many of each brand are shown in turn, since a picture takes longer to
 * make than a minute of belt to run.
 */
export class PicturePool implements FrameSource {
  readonly #world: OreWorld;
  readonly #each: number;
  readonly #kept = new Map<string, Uint8Array>();

  constructor(world: OreWorld, each: number) {
    this.#world = world;
    this.#each = each;
  }

  /** Name of the picture of a window, with what was planted there. */
  nameOf(lot: WeekLot, window: number, planted: boolean): string {
    const { incident, brand } = lot;
    const shown = planted && (incident.what === 'waste' || incident.what === 'foreign') ? lot.id : '';
    return JSON.stringify([
      brand,
      shown === '' ? window % this.#each : 0,
      shown,
      shown === '' ? 0 : lot.seed,
    ]);
  }

  /** Makes the picture that `nameOf` named, if it was not made. */
  make(name: string, lot: WeekLot, planted: boolean): void {
    if (!this.#kept.has(name)) this.#kept.set(name, this.#render(name, lot, planted));
  }

  #render(name: string, { brand: named, incident }: WeekLot, planted: boolean): Uint8Array {
    const { materials, nir } = this.#world;
    const [brandName, number, , seed] = JSON.parse(name) as [string, number, string, number];
    const random = new Random(1000 + number + seed, named.length);
    const brand = materials.brands.find((one) => one.name === brandName);
    if (!brand) throw new RangeError(`There is no brand ${brandName}.`);
    // All of a brand's pictures are of one lot: a stretch of a belt is not of another with each window.
    const lot = new CargoLot(brand, new Random(1000, named.length));
    let ore = lot.next(apartT);
    for (let i = 0; i < number; i++) ore = lot.next(apartT);
    const kind = planted && incident.what === 'waste' ? incident : undefined;
    const waste = kind && materials.wastes.find((one) => one.name === kind.waste);
    const mixed =
      kind && waste
        ? { look: lookOfWaste(nir, waste, drawWaste(waste, random)), share: kind.share }
        : undefined;
    const foreign =
      planted && incident.what === 'foreign'
        ? [drawForeignBody(incident.kind, pictureWidth, pictureHeight, random)]
        : [];
    const scene = {
      ore: lookOfOre(nir, brand, ore),
      waste: mixed,
      moisturePct: ore.massPct.H2O ?? 8,
      light: 1,
      foreign,
    };
    const { planes } = renderBelt(scene, pictureWidth, pictureHeight, random);
    const rgb = new Uint8Array(3 * pictureWidth * pictureHeight);
    for (let i = 0; i < pictureWidth * pictureHeight; i++)
      for (let c = 0; c < 3; c++) rgb[3 * i + c] = (planes[c] as Uint8Array)[i] as number;
    return rgb;
  }

  picture({ data }: FrameMessage): Uint8Array | undefined {
    return this.#kept.get((data as { file: string }).file);
  }

  async read(): Promise<never> {
    throw new RangeError('Pictures of the pool are held as they are shown.');
  }
}

/** The same picture is looked at once: what a model resolves with is the same for the same measurement. */
export function lookingOnce(models: OreModels): OreModels {
  const seen = new Map<string, Promise<unknown>>();
  const once = (model: OreModel): OreModel => ({
    ...model,
    run(measurement, declared, signal) {
      if (measurement.kind !== 'frame') return model.run(measurement, declared, signal);
      const key = `${declared.brand} ${(measurement.data as { file: string }).file}`;
      const found = seen.get(key) ?? model.run(measurement, declared, signal);
      seen.set(key, found);
      return found;
    },
  });
  const wrapped = new Map<string, OreModel | undefined>();
  return {
    ore(id) {
      if (!wrapped.has(id)) {
        const model = models.ore(id);
        wrapped.set(id, model && (model.techniques.includes('image') ? once(model) : model));
      }
      return wrapped.get(id);
    },
  };
}
