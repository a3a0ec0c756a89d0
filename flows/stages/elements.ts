import { excesses } from '../ore/limits.ts';
import { ruleStage } from './rule-stage.ts';

export const elements = ruleStage(
  'elements',
  'Holds the elements of each increment against the limits of a policy, with their uncertainty.',
  (policy, { values }, day) =>
    values.flatMap(({ name, value, sigma, bias }) =>
      excesses(policy, day, name, { value, deviation: Math.hypot(sigma, bias) }).map(
        ({ limit, score, sentence }) => ({
          label: name,
          score,
          evidence: { sentence, value, sigma, bias, limit },
        }),
      ),
    ),
);
