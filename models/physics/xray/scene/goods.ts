import type { MaterialId } from '../materials.ts';
import { bags, cartons, lying, palletised, type Stow, uprights } from './stow.ts';
import { appliances, assorted, bales, cars, ingots, timber, tyres } from './stow-made.ts';

/** Goods as they are shipped. */
export interface Goods {
  /** Heading of the Harmonized System. */
  readonly hs: string;
  readonly title: string;
  /** What most of it is. */
  readonly material: MaterialId;
  /** Of the packed room, g/cm3: how high it may be stacked. */
  readonly bulkGCm3: number;
  /** Only where it is kept cold. */
  readonly cold?: boolean;
  readonly stow: Stow;
}

const goods = (
  hs: string,
  title: string,
  material: MaterialId,
  bulkGCm3: number,
  stow: Stow,
  cold = false,
): Goods => ({ hs, title, material, bulkGCm3, stow, ...(cold ? { cold } : {}) });

/** Goods by name; headings and bulk densities are typical of the trade. */
export const goodsCatalogue = {
  'aluminium-ingots': goods(
    '7601',
    'Unwrought aluminium',
    'aluminium',
    1.9,
    ingots(700, 90, 'aluminium', 2.4),
  ),
  'auto-parts': goods(
    '8708',
    'Parts of motor vehicles',
    'steel',
    0.4,
    assorted(
      [
        ['steel', 2.2],
        ['aluminium', 1.5],
        ['rubber', 0.7],
        ['iron', 3.5],
        ['polyethylene', 0.4],
      ],
      [90, 620],
      0.3,
    ),
  ),
  beer: goods(
    '2203',
    'Beer in cans',
    'beer',
    0.8,
    palletised(
      cartons({
        size: [400, 125],
        material: 'beer',
        density: 1.0,
        gap: 6,
        rounds: 66,
        more: { material: 'aluminium', density: 0.05 },
      }),
      1150,
      1350,
    ),
  ),
  cars: goods('8703', 'Motor cars', 'steel', 0.15, cars),
  cement: goods(
    '2523',
    'Cement in bags',
    'cement',
    1.25,
    palletised(bags([550, 120], 'cement', 1.4), 1150, 900),
  ),
  'ceramic-tiles': goods(
    '6907',
    'Ceramic tiles',
    'ceramic',
    1.4,
    palletised(cartons({ size: [310, 320], material: 'ceramic', density: 1.75, gap: 8 }), 1000, 640),
  ),
  'chemical-powder': goods(
    '2836',
    'Carbonates in big bags',
    'limestone',
    0.85,
    bags([950, 1050], 'limestone', 1.0),
  ),
  cigarettes: goods(
    '2402',
    'Cigarettes in master cases',
    'tobacco',
    0.24,
    cartons({ size: [600, 420], material: 'tobacco', density: 0.25, gap: 14, spread: 0.015 }),
  ),
  'copper-cathodes': goods('7403', 'Copper cathodes', 'copper', 5.5, ingots(950, 60, 'copper', 8.1)),
  electronics: goods(
    '8471',
    'Computers',
    'electronics',
    0.25,
    palletised(
      cartons({
        size: [460, 230],
        material: 'electronics',
        density: 0.3,
        gap: 16,
        spread: 0.15,
        more: { material: 'polyethylene', density: 0.03 },
      }),
      1150,
      1800,
    ),
  ),
  fridges: goods('8418', 'Refrigerators', 'steel', 0.12, appliances([680, 1050], 95)),
  'frozen-fish': goods(
    '0303',
    'Frozen fish',
    'fish',
    0.65,
    cartons({ size: [580, 160], material: 'fish', density: 0.72, gap: 10, spread: 0.04 }),
    true,
  ),
  fruit: goods(
    '0805',
    'Citrus fruit',
    'water',
    0.4,
    palletised(
      cartons({ size: [400, 270], material: 'water', density: 0.5, gap: 9, rounds: 80 }),
      1150,
      1950,
    ),
    true,
  ),
  furniture: goods(
    '9401',
    'Seats and furniture',
    'wood',
    0.12,
    assorted(
      [
        ['wood', 0.3],
        ['foam', 0.05],
        ['plywood', 0.35],
        ['cotton', 0.12],
        ['steel', 0.35],
      ],
      [200, 1300],
      0.55,
    ),
  ),
  juice: goods(
    '2009',
    'Fruit juice in drums',
    'water',
    0.75,
    uprights({
      radius: 290,
      height: 900,
      material: 'water',
      density: 1.04,
      fill: 0.94,
      shell: { material: 'steel', mm: 1.2 },
    }),
  ),
  meat: goods(
    '0202',
    'Frozen meat',
    'fat',
    0.7,
    cartons({
      size: [600, 180],
      material: 'fish',
      density: 0.8,
      gap: 7,
      spread: 0.06,
      more: { material: 'fat', density: 0.1 },
    }),
    true,
  ),
  'paper-reels': goods(
    '4801',
    'Newsprint in reels',
    'cotton',
    0.6,
    uprights({ radius: 560, height: 1150, material: 'cotton', density: 0.85, core: 40 }),
  ),
  'plastic-pellets': goods(
    '3901',
    'Polyethylene in bags',
    'polyethylene',
    0.5,
    palletised(bags([600, 135], 'polyethylene', 0.56), 1250, 1900),
  ),
  rice: goods('1006', 'Rice in bags', 'rice', 0.8, bags([700, 150], 'rice', 0.84)),
  'scrap-metal': goods(
    '7204',
    'Scrap of iron and steel',
    'steel',
    0.8,
    assorted(
      [
        ['steel', 3],
        ['iron', 4.5],
        ['steel', 1.2],
        ['copper', 3],
      ],
      [60, 700],
      0.3,
    ),
  ),
  'steel-coils': goods(
    '7208',
    'Steel in coils',
    'steel',
    0.9,
    lying({ radius: [450, 620], length: 1150, axis: 'y', material: 'steel', density: 7.4, gap: 1500 }),
  ),
  textiles: goods('6109', 'Garments in bales', 'cotton', 0.25, bales([750, 480], 'cotton', 0.28)),
  timber: goods('4407', 'Sawn wood', 'wood', 0.5, timber),
  tyres: goods('4011', 'New tyres', 'rubber', 0.2, tyres),
  wine: goods(
    '2204',
    'Wine in bottles',
    'wine',
    0.75,
    palletised(
      cartons({
        size: [330, 320],
        material: 'wine',
        density: 0.65,
        gap: 8,
        rounds: 80,
        more: { material: 'glass', density: 0.45 },
      }),
      1150,
      1300,
    ),
  ),
} as const satisfies Record<string, Goods>;

export type GoodsId = keyof typeof goodsCatalogue;
export const goodsIds = Object.keys(goodsCatalogue) as GoodsId[];
