import { type Static, Type } from 'typebox';
import { maxKeysField } from './keys.ts';
import { latenessField } from './revise.ts';

const name = (description: string) => Type.Optional(Type.String({ description, minLength: 1 }));
const seconds = (description: string) =>
  Type.Optional(Type.Number({ description, minimum: 0, maximum: 31_536_000 }));

const Step = Type.Object(
  {
    id: Type.String({ description: 'Name of the step, which is in the events.', minLength: 1 }),
    enter: name('It is done when the object enters the fence with this id.'),
    exit: name('It is done when the object leaves the fence with this id.'),
    point: name('It is done when the object passes this gate, camera or weighbridge.'),
    scanner: name('It is done when a scan of the object by this scanner is judged; `*`: by any.'),
    seal: Type.Optional(
      Type.Enum(['locked', 'unlocked'], { description: 'It is done when the seal reports this state.' }),
    ),
    after: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Steps after any of which it may come; absent: the one before it.',
      }),
    ),
    minSeconds: seconds('Sooner after the step before is not possible: another vehicle goes for this one.'),
    maxSeconds: seconds('Later after the step before is too slow.'),
    optional: Type.Boolean({ description: 'It may be left out.', default: false }),
  },
  { additionalProperties: false },
);
export type ControlStep = Static<typeof Step>;

export const ControlConfig = Type.Object(
  {
    plan: Type.String({ description: 'Name of the plan, which is in the events.', minLength: 1 }),
    steps: Type.Array(Step, {
      description: 'What an object goes through, in order.',
      minItems: 2,
      maxItems: 200,
    }),
    latenessSeconds: latenessField,
    maxObjects: maxKeysField('objects'),
  },
  { additionalProperties: false },
);
export type ControlConfig = Static<typeof ControlConfig>;

const triggers = ['enter', 'exit', 'point', 'scanner', 'seal'] as const;

/** Whether a plan begins with a step. */
export const isFirst = (steps: readonly ControlStep[], step: number): boolean =>
  (steps[step]?.after ?? (step === 0 ? [] : undefined))?.length === 0;

/** What the schema cannot say: names, one trigger a step, times the right way round. */
export function checkPlan({ steps }: ControlConfig): { path: string; message: string }[] {
  const ids = steps.map(({ id }) => id);
  const begins = steps.some((_, i) => isFirst(steps, i));
  const endless = begins
    ? []
    : [{ path: 'steps', message: 'every step comes after another: none begins the plan' }];
  const wrong = steps.flatMap((step, i) => {
    const path = `steps[${i}]`;
    const { minSeconds = 0, maxSeconds = Infinity } = step;
    const unknown = (step.after ?? []).filter((id) => !ids.includes(id));
    return [
      ...(ids.indexOf(step.id) === i
        ? []
        : [{ path: `${path}.id`, message: `another step is called ${step.id} too` }]),
      ...(triggers.filter((one) => step[one] !== undefined).length === 1
        ? []
        : [{ path, message: `a step is done by exactly one of ${triggers.join(', ')}` }]),
      ...unknown.map((id) => ({ path: `${path}.after`, message: `there is no step ${id}` })),
      ...(minSeconds <= maxSeconds
        ? []
        : [{ path: `${path}.minSeconds`, message: 'minSeconds is more than maxSeconds' }]),
    ];
  });
  return [...wrong, ...endless];
}
