import type { OreStageName } from '#flows/ore/assessment';
import type { IncrementClosed } from '#flows/ore/belt-place';
import type { Measured, OreAnswer, OreFinding, OreModel } from '#flows/ore/model';
import type { Policy } from '#flows/ore/policy';
import { radiationFinding } from '#flows/ore/radiation-alarm';
import type { OreWorld } from '../../physics/ore/berth.ts';
import type { OreTruth } from '../../physics/ore/cargo.ts';
import { drawForeignBody } from '../../physics/ore/foreign-bodies.ts';
import { GammaField } from '../../physics/ore/gamma.ts';
import type { Waste } from '../../physics/ore/materials.ts';
import { Random } from '../../physics/xray/random.ts';
import { codedAll } from '../make/picture-codec.ts';
import { drawLight, pictureHeight, pictureOf, pictureWidth } from '../make/picture-lot.ts';
import { pictureModels } from '../picture-models.ts';
import type { PictureJudge } from '../pictures.ts';
import { type LotPlan, lotSeconds, tonnesPerSecond, wasteIn, windowT } from './plan.ts';
import { drawActivity, radiationOf } from './radiation-lot.ts';

type Answers = readonly (readonly [OreStageName, OreAnswer])[];

/** What the camera and the monitors of a lot say, increment by increment in order of the belt. */
export type LotWatch = (closed: IncrementClosed) => Answers;

const size = { width: pictureWidth, height: pictureHeight };

/** The sensors of a berth beside its spectrometers: a camera of which some windows of each lot have one picture, a gamma monitor and a dose-rate meter. */
export class OtherSensors {
  readonly #world: OreWorld;
  readonly #judge: PictureJudge;
  readonly #policy: Policy;
  readonly #pictures: number;
  readonly #field = new GammaField();
  readonly #models: readonly OreModel[];

  constructor(world: OreWorld, judge: PictureJudge, policy: Policy, pictures: number) {
    this.#world = world;
    this.#judge = judge;
    this.#policy = policy;
    this.#pictures = pictures;
    this.#models = pictureModels(judge, { version: '0', signed: false }, undefined);
  }

  /** `ore` by window, without waste; `heap` is what waste there is, and of what kind. */
  watch(
    plan: LotPlan,
    ore: readonly OreTruth[],
    heap: { readonly material: Waste; readonly truth: OreTruth } | undefined,
  ): LotWatch {
    const measured = this.#seen(plan, ore, heap);
    const alarms = this.#radiation(plan);
    const memories = new Map<string, unknown>();
    return (closed) => {
      const { from, to } = closed.windows;
      const inside = ({ place }: Measured) => place.window >= from && place.window < to;
      const own = measured.filter(inside);
      const increment = { ...closed, massT: closed.massKg / 1000 };
      const looked = this.#models.map((model) => {
        const { answer, memory } = model.conclude(increment, own, memories.get(model.id));
        memories.set(model.id, memory);
        return [model.id === 'ore-anomaly' ? 'anomaly' : 'inclusion', { ...answer, reasons: [] }] as const;
      });
      const windows = Array.from({ length: to - from }, (_, i) => ({ window: from + i, p: 1 }));
      const findings = alarms.filter(({ window = -1 }) => window >= from && window < to);
      return [...looked, ['radiation', { values: [], windows, findings, reasons: [] }]];
    };
  }

  /** Windows of which there is a picture: spread over the lot, and where something was planted. */
  #shown({ body, slug }: LotPlan, windows: number, random: Random): number[] {
    const step = windows / this.#pictures;
    const spread = Array.from({ length: this.#pictures }, (_, i) => Math.floor((i + random.next()) * step));
    const planted = body ? [body.window] : slug ? [Math.ceil(slug.fromT / windowT)] : [];
    return [...new Set([...spread, ...planted])].sort((a, b) => a - b);
  }

  #seen(
    plan: LotPlan,
    ore: readonly OreTruth[],
    heap: { readonly material: Waste; readonly truth: OreTruth } | undefined,
  ): Measured[] {
    const { brands } = this.#world.materials;
    const [brand, declared] = [brands[plan.brand], brands[plan.declared]];
    if (!brand || !declared || this.#pictures === 0) return [];
    const random = new Random(plan.seed, 22);
    const light = drawLight(random);
    const shown = this.#shown(plan, ore.length, random);
    const pictures = shown.map((window) => {
      const share = wasteIn(plan, window, heap?.truth)?.share;
      const body =
        plan.body?.window === window
          ? drawForeignBody(plan.body.what, size.width, size.height, random)
          : undefined;
      const here = heap && share !== undefined ? { ...heap, share } : undefined;
      const scene = { brand, ore: ore[window] as OreTruth, heap: here, light, body };
      return pictureOf(this.#world, scene, size, random);
    });
    return codedAll(pictures, random, pictures.length).flatMap((picture, i) => {
      const result = this.#judge.look(declared.name, picture);
      const window = shown[i] as number;
      const place = { lot: `${plan.seed}`, positionM: window, massT: window * windowT, loadKgPerM: 400 };
      return result
        ? [{ place: { ...place, increment: 0, window }, technique: 'image', device: 'camera', result }]
        : [];
    });
  }

  #radiation(plan: LotPlan): OreFinding[] {
    const random = new Random(plan.seed, 23);
    const activity = drawActivity(random);
    const lot = { policy: this.#policy.radiation, seconds: lotSeconds };
    return [...radiationOf(this.#field, random, activity, plan.source, lot)].flatMap(({ second, alarms }) => {
      const massT = Math.max(0, second) * tonnesPerSecond;
      return alarms.map((alarm) => radiationFinding(alarm, Math.floor(massT / windowT), massT));
    });
  }
}
