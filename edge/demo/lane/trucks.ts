import type { MessageOf } from '#flows/message';
import { type GoodsId, goodsCatalogue } from '#models/physics/xray/scene/goods';
import { drawScene, type SceneOptions, type SceneSpec } from '#models/physics/xray/scene-spec';

type DeclaredGoods = MessageOf<'declaration'>['goods'];

/** A truck of the lane: what is in its container, and what was declared. */
export interface LaneTruck {
  readonly name: string;
  readonly scene: SceneSpec;
  readonly goods: DeclaredGoods;
}

/** Short ones, so that a scan is over in half a minute. */
const short: SceneOptions = { containers: ['dry-20'], vehicles: ['cabover-4x2'] };

const empty = (seed: number): LaneTruck => ({
  name: `empty-${seed}`,
  scene: drawScene(seed, { ...short, empty: 1 }),
  goods: [],
});
const small = (seed: number, litres: number): LaneTruck => ({
  name: `small-${seed}`,
  scene: drawScene(seed, { ...short, empty: 0, small: 1, hidden: 0, litres: [litres, litres] }),
  goods: [],
});

/** Full of goods, that are declared or kept quiet about. */
function full(seed: number, declared: boolean): LaneTruck {
  const scene = drawScene(seed, { ...short, empty: 0, small: 0 });
  const goods = scene.cargo.map(({ goods: id }) => declaredAs(id));
  return { name: `full-${seed}`, scene, goods: declared ? goods : [] };
}

function declaredAs(id: GoodsId): DeclaredGoods[number] {
  const { hs, title } = goodsCatalogue[id];
  return { hs, description: title };
}

/** The lane's trucks, over and over; their containers have other numbers each time. */
export const laneTrucks = (): readonly LaneTruck[] => [
  empty(1),
  empty(2),
  small(3, 25),
  empty(4),
  full(5, true),
  empty(6),
  small(7, 4),
  full(8, false),
];
