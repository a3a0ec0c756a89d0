import { Type } from 'typebox';
import type { Boxes } from '../boxes.ts';
import type { BundleSource } from '../bundle-source.ts';
import { faults } from '../faults.ts';
import type { Live } from '../live/live.ts';
import type { Releases } from '../releases.ts';
import type { Taps } from '../taps.ts';
import { type Api, actorOf, BoxPath, closed, maySee } from './route.ts';
import type { BundleView, ReleasePlan, TapStarted } from './types.ts';

const ReleaseBody = Type.Object(
  {
    flows: Type.Array(Type.Unknown(), { description: 'All flows of the box, as documents.', maxItems: 100 }),
    fenceSets: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description:
          "Fence sets by name: GeoJSON, or a version of the hub's. Those that the flows name beside them are the hub's newest.",
      }),
    ),
    confirmLoss: Type.Optional(
      Type.Array(Type.String(), { description: 'State that may be lost, as the plan names it.' }),
    ),
    bundles: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Type.String({ description: 'Identity of the model.', minLength: 1, maxLength: 200 }),
            version: Type.String({
              description: 'Version, MAJOR.MINOR.PATCH.',
              pattern: '^\\d+\\.\\d+\\.\\d+$',
            }),
          },
          closed,
        ),
        {
          description: 'Bundles of the hub that the box is to have; what is not named stays as it is.',
          maxItems: 32,
        },
      ),
    ),
  },
  closed,
);
const text = (description: string) => Type.String({ description, minLength: 1, maxLength: 200 });
const TapBody = Type.Object(
  {
    flow: text('Flow.'),
    node: text('Node.'),
    port: Type.String({ description: 'Port.', default: 'out', maxLength: 64 }),
    seconds: Type.Number({ description: 'How long.', default: 60, minimum: 1, maximum: 600 }),
    maxPerSecond: Type.Number({ description: 'Messages a second.', default: 10, minimum: 1, maximum: 100 }),
    client: text('Live client that gets the reports, from its greeting.'),
  },
  closed,
);

export interface ReleaseRoutes {
  readonly boxes: Boxes;
  readonly releases: Releases;
  readonly bundles: BundleSource;
  readonly taps: Taps;
  readonly live: Live;
}

/** GET /bundles; POST /boxes/:box/plan, /boxes/:box/release, /boxes/:box/tap */
export function releaseRoutes(api: Api, { boxes, releases, bundles, taps, live }: ReleaseRoutes): void {
  const config = { role: 'operator' as const };
  const bodyLimit = 4_000_000;

  function known(request: { params: { box: string } } & Parameters<typeof maySee>[0]): string {
    const { box } = request.params;
    const view = boxes.get(box);
    if (!view || view.link === 'revoked' || !maySee(request, view.site))
      throw faults.fault('api.notFound', { what: `enrolled box ${box}` });
    return box;
  }

  api.get(
    '/bundles',
    { config, schema: { summary: 'Models that were imported, and can be released to boxes' } },
    (): Promise<BundleView[]> => bundles.list(),
  );

  api.post(
    '/boxes/:box/plan',
    {
      config,
      bodyLimit,
      schema: { summary: 'What a release would change', params: BoxPath, body: ReleaseBody },
    },
    (request): Promise<ReleasePlan> => releases.plan(known(request), request.body),
  );

  api.post(
    '/boxes/:box/release',
    {
      config,
      bodyLimit,
      schema: { summary: 'Sends a release to a box', params: BoxPath, body: ReleaseBody },
    },
    async (request, reply): Promise<ReleasePlan> => {
      const plan = await releases.release(known(request), request.body, actorOf(request));
      reply.status(202);
      return plan;
    },
  );

  api.post(
    '/boxes/:box/tap',
    { config, schema: { summary: 'Looks into a running flow for a while', params: BoxPath, body: TapBody } },
    (request, reply): TapStarted => {
      const box = known(request);
      if (!live.has(request.body.client)) throw faults.fault('api.notFound', { what: 'such live client' });
      reply.status(202);
      return taps.start(box, request.body);
    },
  );
}
