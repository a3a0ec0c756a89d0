import { ignitionFindings } from '../ore/limits.ts';
import { ruleStage } from './rule-stage.ts';

export const ignition = ruleStage(
  'ignition',
  'Tells increments whose ignition loss is lower than that of any natural ore: a rule of physics.',
  (policy, { values }) => ignitionFindings(policy, values),
);
