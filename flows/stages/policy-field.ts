import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { Policy } from '../ore/policy.ts';
import type { Resources } from '../stage.ts';
import { faults } from './faults.ts';

/** Config field `policy`: rules are documents of their own, which come with a release like fences do. */
export const policyField = Type.Union(
  [Type.String({ description: 'Name of a policy among the fence sets.', minLength: 1 }), Policy],
  { description: 'The rules of the berth: a policy, or the name of one among the fence sets.' },
);

/** The policy of a config, defaults filled in. Throws Fault `policy.unknown` or `policy.invalid`. */
export function policyOf(given: unknown, resources: Resources): Policy {
  const document = typeof given === 'string' ? resources.fenceSet?.(given) : given;
  if (document === undefined) throw faults.fault('policy.unknown', { name: String(given) }, 'policy');
  const policy: unknown = Value.Default(Policy, Value.Clone(document));
  if (Value.Check(Policy, policy)) return policy;
  const [error] = Value.Errors(Policy, policy);
  throw faults.fault(
    'policy.invalid',
    { detail: `${error?.instancePath ?? ''} ${error?.message ?? ''}` },
    'policy',
  );
}
