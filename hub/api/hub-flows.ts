import { Type } from 'typebox';
import type { HubReleases } from '../flows/releases.ts';
import type { FlowRunner } from '../flows/runner.ts';
import type { HubFlows, ReleasePlan } from './release-types.ts';
import { type Api, actorOf, closed } from './route.ts';

const Body = Type.Object(
  {
    flows: Type.Array(Type.Unknown(), { description: 'All flows of the hub, as documents.', maxItems: 100 }),
    fenceSets: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'Fence sets by name, GeoJSON, or the version of one of the hub.',
      }),
    ),
    confirmLoss: Type.Optional(
      Type.Array(Type.String(), { description: 'State that may be lost, as the plan names it.' }),
    ),
    from: Type.Enum(['now', 'start'], {
      description: 'Where flows that are new begin: with what is stored next, or with the first event.',
      default: 'now',
    }),
  },
  closed,
);

/** GET /hub/flows; POST /hub/plan, /hub/release */
export function hubFlowRoutes(api: Api, hub: string, releases: HubReleases, runner: FlowRunner): void {
  const config = { role: 'operator' as const };
  const bodyLimit = 4_000_000;

  api.get(
    '/hub/flows',
    { config, schema: { summary: 'Flows that the hub runs over stored events, and how they do' } },
    async (): Promise<HubFlows> => {
      const release = await releases.running();
      const { flows, fenceSets } = await releases.wanted();
      return {
        hub,
        version: release?.version ?? 0,
        documents: flows,
        fenceSets,
        flows: runner.status(),
      };
    },
  );
  api.post(
    '/hub/plan',
    { config, bodyLimit, schema: { summary: 'What a release to the hub would change', body: Body } },
    (request): Promise<ReleasePlan> => releases.plan(request.body),
  );
  api.post(
    '/hub/release',
    { config, bodyLimit, schema: { summary: 'Puts flows of the hub into force', body: Body } },
    async (request, reply): Promise<ReleasePlan> => {
      const plan = await releases.release(request.body, actorOf(request));
      reply.status(202);
      return plan;
    },
  );
}
