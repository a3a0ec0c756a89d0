import { tooLowIgnition } from '../ore/limits.ts';
import { ruleStage } from './rule-stage.ts';

export const ignition = ruleStage(
  'ignition',
  'Tells increments whose ignition loss is lower than that of any natural ore: a rule of physics.',
  (policy, { values }) =>
    values
      .filter(({ name }) => name === 'LOI')
      .flatMap(({ value, sigma, bias }) => {
        const low = tooLowIgnition(policy, { value, deviation: Math.hypot(sigma, bias) });
        if (low === undefined) return [];
        return [
          {
            label: 'no natural ore',
            score: low.score,
            evidence: { sentence: low.sentence, value, sigma, bias },
          },
        ];
      }),
);
