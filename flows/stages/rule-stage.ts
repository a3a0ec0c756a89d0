import { Type } from 'typebox';
import type { FindingMessage } from '../inference.ts';
import {
  type AssessmentEvidence,
  answerOf,
  assessedOf,
  assessment,
  type OreStageName,
} from '../ore/assessment.ts';
import type { OreFinding } from '../ore/model.ts';
import type { Policy } from '../ore/policy.ts';
import { process } from '../process.ts';
import { defineStage, type Stage } from '../stage.ts';
import { policyField, policyOf } from './policy-field.ts';

const RuleConfig = Type.Object({ policy: policyField }, { additionalProperties: false });

/**
 * A stage that goes by what the `brand` stage has told of an increment and by policy alone. It judges the windows that `brand` could
 * judge, so that its coverage is the same.
 */
export function ruleStage(
  name: OreStageName,
  summary: string,
  judge: (policy: Policy, brand: AssessmentEvidence, day: string) => readonly OreFinding[],
): Stage<typeof RuleConfig> {
  return defineStage({
    type: name,
    summary,
    accepts: ['finding'],
    emits: ['finding'],
    config: RuleConfig,
    build(config, ctx) {
      const policy = policyOf(config.policy, ctx.resources);
      const by = { id: policy.id, version: policy.version, signed: true, simulated: false };
      return process(ctx, {
        message(message, out) {
          const finding = message as FindingMessage;
          if (assessedOf(finding)?.stage !== 'brand') return;
          const { closed, values, windows, reasons } = answerOf(finding);
          const findings = values.length > 0 ? judge(policy, answerOf(finding), closed.to.slice(0, 10)) : [];
          const judged = windows.map(({ window }) => ({ window, p: 1 }));
          const answer = { values: [], windows: values.length > 0 ? judged : [], findings, reasons };
          out(assessment(name, by, closed, answer, values.length === 0));
        },
      });
    },
  });
}
