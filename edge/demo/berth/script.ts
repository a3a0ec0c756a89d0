/** What happens in a lot of the demo's ship, at tonnes from its beginning. */
export interface Incident {
  readonly what: 'waste' | 'foreign' | 'source' | 'stop' | 'blocked';
  readonly fromT: number;
  readonly toT: number;
  /** Of waste: which, and its share of the mass. */
  readonly waste?: string;
  readonly share?: number;
}

export interface DemoLot {
  /** What is on the belt, and what is declared. */
  readonly brand: string;
  readonly declared: string;
  readonly incidents: readonly Incident[];
}

/** What comes over the belt. */
export interface Script {
  readonly lots: readonly DemoLot[];
  readonly lotT: number;
  /** How long the belt runs empty first, s: the radiation background is learnt then. */
  readonly emptySeconds: number;
}

/** The hold plan of each lot. */
export const holdsOf = (lotT: number) => [
  { hold: '1', massT: 0.4 * lotT },
  { hold: '2', massT: 0.35 * lotT },
  { hold: '3', massT: 0.25 * lotT },
];

const lot = (incidents: readonly Incident[] = [], brand = 'PB fines', declared = brand): DemoLot => ({
  brand,
  declared,
  incidents,
});

/** Lots one after the other, ship after ship: clean ones, and each of what a berth has to find. */
const demoLots: readonly DemoLot[] = [
  lot(),
  lot([{ what: 'waste', fromT: 250, toT: 270, waste: 'BOF slag', share: 0.3 }]),
  lot([
    { what: 'foreign', fromT: 200, toT: 201 },
    { what: 'stop', fromT: 350, toT: 351 },
  ]),
  lot([{ what: 'blocked', fromT: 150, toT: 230 }]),
  lot([{ what: 'source', fromT: 300, toT: 306 }]),
  lot([], 'IOCJ Carajas', 'PB fines'),
];

export const demoScript: Script = { lots: demoLots, lotT: 600, emptySeconds: 65 };

export const happens = (of: DemoLot, what: Incident['what'], tonnes: number): Incident | undefined =>
  of.incidents.find((one) => one.what === what && tonnes >= one.fromT && tonnes < one.toT);
