import { drivers } from '#drivers/registry';
import { stages } from '#flows/registry';
import type { Boxes } from '../boxes.ts';
import type { RecordStore } from '../store/store.ts';
import { type Api, maySee } from './route.ts';
import type { Definition, Overview } from './types.ts';

export interface OverviewRoutes {
  readonly hub: { readonly name: string; readonly version: string };
  readonly sites: Overview['sites'];
  readonly boxes: Boxes;
  readonly records: RecordStore;
  readonly now: () => number;
}

/** GET /overview, /stages, /drivers */
export function overviewRoutes(api: Api, { hub, sites, boxes, records, now }: OverviewRoutes): void {
  const config = { role: 'viewer' as const };

  api.get(
    '/overview',
    { config, schema: { summary: 'What a screen needs at its start' } },
    async (request) => {
      const span = await records.span();
      const answer: Overview = {
        hub: { ...hub, time: new Date(now()).toISOString() },
        sites: sites.filter(({ id }) => maySee(request, id)),
        boxes: boxes.list().filter(({ site }) => maySee(request, site)),
        ...(span && {
          span: { from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString() },
        }),
      };
      return answer;
    },
  );

  api.get('/stages', { config, schema: { summary: 'Stages that a flow may use' } }, () =>
    stages.map(({ type, summary, accepts, emits, config }): Definition => {
      return { type, summary, accepts, emits, config: { ...config } };
    }),
  );

  api.get('/drivers', { config, schema: { summary: 'Drivers that a flow may use' } }, () =>
    drivers.map(
      ({ type, summary, emits, config }): Definition => ({
        type,
        summary,
        emits,
        config: { ...config },
      }),
    ),
  );
}
