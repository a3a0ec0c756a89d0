import { elementFindings } from '../ore/limits.ts';
import { ruleStage } from './rule-stage.ts';

export const elements = ruleStage(
  'elements',
  'Holds the elements of each increment against the limits of a policy, with their uncertainty.',
  (policy, { values }, day) => elementFindings(policy, values, day),
);
