import { type ForeignKind, foreignKinds } from '#models/physics/ore/foreign-bodies';
import type { Materials } from '#models/physics/ore/materials';
import { Random } from '#models/physics/xray/random';

/** What is planted in a lot; at most one thing each, so that what is found can be told from it. */
export type Incident =
  | {
      readonly what: 'waste';
      readonly waste: string;
      readonly share: number;
      readonly fromT: number;
      readonly toT: number;
    }
  | { readonly what: 'foreign'; readonly kind: ForeignKind; readonly fromT: number; readonly toT: number }
  | {
      readonly what: 'source';
      readonly nuclide: string;
      readonly megabecquerel: number;
      readonly fromT: number;
      readonly toT: number;
    }
  | { readonly what: 'blocked' | 'stop' | 'empty'; readonly fromT: number; readonly toT: number }
  | { readonly what: 'brand' | 'wet' | 'nothing'; readonly fromT: number; readonly toT: number };

export interface WeekLot {
  readonly id: string;
  readonly ship: string;
  /** On the belt, and as declared. */
  readonly brand: string;
  readonly declared: string;
  readonly wetPct: number;
  readonly incident: Incident;
  readonly seed: number;
}

export interface WeekShip {
  readonly name: string;
  readonly lots: readonly WeekLot[];
}

/** Brands that come to this berth: each well known to the models, and unlike the others. */
export const berthBrands = ['PB fines', 'IOCJ Carajas', 'Yandi'] as const;
export const lotsOfShip = 3;
const wasteShare = 0.3;
const slugT = 20;
const blockedT = 150;
const shipDays = 1.5;

/** Hours between the beginnings of two ships. */
export const shipHours = 24 * shipDays;

type Kind = Incident['what'];

/**
 * Ships of three lots, one in a day and a half. Incidents go in a turn that has every kind of them, between clean lots; where in the lot
 * they are is drawn.
 */
export function planWeeks(materials: Materials, ships: number, lotT: number, seed: number): WeekShip[] {
  const random = new Random(seed, 31);
  const kinds: Kind[] = ['waste', 'nothing', 'foreign', 'wet', 'waste', 'stop', 'source', 'nothing', 'waste'];
  const others: Kind[] = [
    'blocked',
    'waste',
    'empty',
    'brand',
    'waste',
    'nothing',
    'waste',
    'foreign',
    'waste',
  ];
  const turn: readonly Kind[] = [...kinds, ...others];
  const wastes = materials.wastes.map(({ name }) => name);
  let [wasted, strange] = [0, 0];

  function incident(what: Kind): Incident {
    const room = (t: number) => {
      const fromT = Math.round(random.between(0.15 * lotT, 0.85 * lotT - t));
      return { fromT, toT: fromT + t };
    };
    switch (what) {
      case 'waste': {
        const waste = wastes[wasted++ % wastes.length] as string;
        return { what, waste, share: wasteShare, ...room(slugT) };
      }
      case 'foreign':
        return { what, kind: foreignKinds[strange++ % foreignKinds.length] as ForeignKind, ...room(5) };
      case 'source':
        return { what, nuclide: 'Cs-137', megabecquerel: 100, ...room(1) };
      case 'blocked':
        return { what, ...room(Math.min(blockedT, 0.5 * lotT)) };
      case 'stop':
      case 'empty':
        return { what, ...room(1) };
      default:
        return { what, fromT: 0, toT: lotT };
    }
  }

  return Array.from({ length: ships }, (_, s) => {
    const name = `MV Weeks ${s + 1}`;
    const lots = Array.from({ length: lotsOfShip }, (_, l): WeekLot => {
      const at = s * lotsOfShip + l;
      const planted = incident(turn[at % turn.length] as Kind);
      const brand = berthBrands[random.integer(0, berthBrands.length - 1)] as string;
      const other = berthBrands[(berthBrands.indexOf(brand as never) + 1) % berthBrands.length] as string;
      return {
        id: `W${s + 1}-${l + 1}`,
        ship: name,
        brand,
        declared: planted.what === 'brand' ? other : brand,
        wetPct: planted.what === 'wet' ? 2.5 : 0,
        incident: planted,
        seed: seed * 10_000 + at,
      };
    });
    return { name, lots };
  });
}

/** What a lot's outcome has to be. */
export const rightOutcome = ({ incident: { what } }: WeekLot): 'clear' | 'suspect' | 'none' =>
  what === 'waste' || what === 'foreign' || what === 'source' || what === 'brand'
    ? 'suspect'
    : what === 'blocked'
      ? 'none'
      : 'clear';

/** The incident in words. */
export function inWords({ incident, brand, declared }: WeekLot): string {
  switch (incident.what) {
    case 'waste':
      return `${incident.toT - incident.fromT} t with ${100 * incident.share} % ${incident.waste}`;
    case 'foreign':
      return `foreign body: ${incident.kind}`;
    case 'source':
      return `${incident.megabecquerel} MBq of ${incident.nuclide} in the load`;
    case 'blocked':
      return `window of the near-infrared blocked for ${incident.toT - incident.fromT} t`;
    case 'brand':
      return `${brand} declared as ${declared}`;
    case 'wet':
      return 'wet ore, 2.5 % more water';
    case 'stop':
      return 'belt stands for ten minutes';
    case 'empty':
      return 'belt runs empty for three minutes';
    default:
      return 'nothing';
  }
}
