import { Type } from 'typebox';
import type { Risk } from '../watch/risk-rules.ts';
import type { ObjectRisk, RiskRules } from './risk-types.ts';
import { type Api, actorOf, closed, Moment, moment, sitesOf } from './route.ts';

const ObjectPath = Type.Object(
  { object: Type.String({ description: 'The object.', maxLength: 500 }) },
  closed,
);
const RiskQuery = Type.Object(
  { at: Type.Optional(Type.String({ ...Moment, description: 'As it was then; now when absent.' })) },
  closed,
);
const points = (description: string) => Type.Number({ description, minimum: 0, maximum: 100_000 });
const RulesBody = Type.Object(
  {
    weights: Type.Array(
      Type.Object(
        {
          type: Type.String({
            description: 'Type of event, or a beginning of types with * behind it.',
            pattern: '^quaywatch\\.[A-Za-z0-9.-]*\\*?$',
            maxLength: 200,
          }),
          points: points('Points of one such event.'),
          halfLifeHours: Type.Number({
            description: 'After so long it is worth half, hours.',
            exclusiveMinimum: 0,
            maximum: 8784,
          }),
        },
        closed,
      ),
      { description: 'What events are worth.', maxItems: 200 },
    ),
    most: Type.Number({
      description: 'Many events of one type count as so many at most.',
      minimum: 1,
      maximum: 1000,
    }),
    raised: points('From so many points on an object is worth a look.'),
    high: points('From so many points on it is to be stopped.'),
  },
  closed,
);

/** GET /objects/:object/risk; GET, PUT /risk-rules */
export function riskRoutes(api: Api, risk: Risk, now: () => number): void {
  const viewer = { config: { role: 'viewer' as const } };
  const inspector = { config: { role: 'inspector' as const } };
  api.get(
    '/objects/:object/risk',
    {
      ...viewer,
      schema: { summary: 'What speaks against an object', params: ObjectPath, querystring: RiskQuery },
    },
    (request): Promise<ObjectRisk> =>
      risk.of(request.params.object, moment(request.query.at) ?? now(), sitesOf(request)),
  );
  api.get(
    '/risk-rules',
    { ...viewer, schema: { summary: 'What events are worth' } },
    (): Promise<RiskRules> => risk.rules(),
  );
  api.put(
    '/risk-rules',
    { ...inspector, schema: { summary: 'Changes what events are worth', body: RulesBody } },
    (request): Promise<RiskRules> => risk.change(request.body, actorOf(request)),
  );
}
