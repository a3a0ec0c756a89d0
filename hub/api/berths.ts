import { Type } from 'typebox';
import type { BeltView } from '#flows/ore/belt-view';
import type { Board } from '#flows/ore/board';
import type { InstrumentCharts } from '#flows/ore/instrument-charts';
import type { Boards } from '../berth/boards.ts';
import type { BerthLive } from '../berth/live.ts';
import { faults } from '../faults.ts';
import type { BerthList, ShipReport } from './berth-types.ts';
import { type Api, BoxPath, closed, Moment, maySee, moment } from './route.ts';

const BoardQuery = Type.Object(
  { at: Type.Optional(Type.String({ ...Moment, description: 'As it was at this moment.' })) },
  closed,
);
const ChartsQuery = Type.Object(
  {
    at: Type.Optional(Type.String({ ...Moment, description: 'Up to this moment; absent: up to now.' })),
    days: Type.Optional(
      Type.Number({
        description: 'Days before it.',
        default: 7,
        exclusiveMinimum: 0,
        maximum: 90,
      }),
    ),
  },
  closed,
);
const ShipPath = Type.Object(
  { ...BoxPath.properties, ship: Type.String({ description: 'Ship, or lot of no ship.', maxLength: 200 }) },
  closed,
);

export interface BerthRoutes {
  readonly boards: Boards;
  readonly charts: (box: string, from: number, to: number) => Promise<InstrumentCharts>;
  readonly live: BerthLive;
  readonly boxes: { get(box: string): { readonly name: string; readonly site: string } | undefined };
  readonly now: () => number;
}

/** GET /berths, /berths/:box/board, /berths/:box/instruments, /berths/:box/live, /berths/:box/ships/:ship */
export function berthRoutes(api: Api, { boards, charts, live, boxes, now }: BerthRoutes): void {
  const config = { role: 'viewer' as const };
  type Request = Parameters<typeof maySee>[0];

  /** The flow of a berth, if the person may see it. */
  async function flowOf(request: Request, box: string): Promise<string> {
    const view = boxes.get(box);
    const found = (await boards.flows()).find((one) => one.box === box);
    if (!view || !found || !maySee(request, view.site))
      throw faults.fault('api.notFound', { what: `berth ${box}` });
    return found.flow;
  }

  api.get(
    '/berths',
    { config, schema: { summary: 'Berths that have announced a lot' } },
    async (request): Promise<BerthList> => {
      const found = await boards.flows();
      return {
        berths: found.flatMap(({ box, flow }) => {
          const view = boxes.get(box);
          return view && maySee(request, view.site) ? [{ box, flow, name: view.name, site: view.site }] : [];
        }),
      };
    },
  );

  api.get(
    '/berths/:box/board',
    {
      config,
      schema: {
        summary: 'Lots, increments and instruments of a berth',
        params: BoxPath,
        querystring: BoardQuery,
      },
    },
    async (request): Promise<Board> => {
      const { box } = request.params;
      await flowOf(request, box);
      return boards.board(box, moment(request.query.at));
    },
  );

  api.get(
    '/berths/:box/instruments',
    {
      config,
      schema: {
        summary: 'Control charts of the instruments of a berth',
        params: BoxPath,
        querystring: ChartsQuery,
      },
    },
    async (request): Promise<InstrumentCharts> => {
      const { box } = request.params;
      await flowOf(request, box);
      const { at, days = 7 } = request.query;
      const to = moment(at) ?? now();
      return charts(box, to - days * 86_400_000, to);
    },
  );

  api.get(
    '/berths/:box/live',
    {
      config,
      schema: {
        summary: 'What the belt looks like now; null until the first view has come',
        params: BoxPath,
      },
    },
    async (request): Promise<BeltView | null> => {
      const { box } = request.params;
      const flow = await flowOf(request, box);
      return (live.look(box, flow) as BeltView | undefined) ?? null;
    },
  );

  api.get(
    '/berths/:box/ships/:ship',
    { config, schema: { summary: 'All lots of a ship: what its report shows', params: ShipPath } },
    async (request): Promise<ShipReport> => {
      const { box, ship } = request.params;
      await flowOf(request, box);
      const lots = await boards.ship(box, ship);
      if (lots.length === 0) throw faults.fault('api.notFound', { what: `ship ${ship}` });
      const { name = box, site = '' } = boxes.get(box) ?? {};
      return { ship, berth: name, site, printed: new Date(now()).toISOString(), lots };
    },
  );
}
