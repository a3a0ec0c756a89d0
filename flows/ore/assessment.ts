import { type Static, Type } from 'typebox';
import type { FindingMessage } from '../inference.ts';
import type { IncrementClosed } from './belt-place.ts';
import type { Assessor, OreAnswer } from './model.ts';

/** Stages that say something of every increment. */
export const oreStages = [
  'anomaly',
  'brand',
  'elements',
  'ignition',
  'impurity',
  'inclusion',
  'radiation',
  'slag',
] as const;
export const OreStageName = Type.Enum(oreStages, { description: 'Stage that assesses increments.' });
export type OreStageName = Static<typeof OreStageName>;

/** `attributes.assessed` of the one finding with which a stage concludes an increment. */
export interface Assessed {
  readonly stage: OreStageName;
  readonly lot: string;
  readonly increment: number;
  readonly signed: boolean;
  readonly simulated: boolean;
}

/** Evidence of such a finding. */
export interface AssessmentEvidence extends OreAnswer {
  readonly closed: IncrementClosed;
}

/** A stage's conclusion of an increment as the message that carries it. */
export function assessment(
  stage: OreStageName,
  by: Assessor,
  closed: IncrementClosed,
  answer: OreAnswer,
  abstained: boolean,
): FindingMessage {
  const { lot, increment } = closed;
  const assessed: Assessed = { stage, lot, increment, signed: by.signed, simulated: by.simulated };
  const evidence: AssessmentEvidence = { ...answer, closed };
  return {
    kind: 'finding',
    time: closed.to,
    quality: 'good',
    attributes: { final: true, signed: by.signed, assessed },
    model: by.id,
    modelVersion: by.version,
    label: abstained ? 'abstained' : 'assessed',
    score: abstained ? 0 : Math.max(0, ...answer.findings.map(({ score }) => score)),
    subject: lot,
    evidence,
  };
}

export const assessedOf = (finding: FindingMessage): Assessed | undefined =>
  finding.attributes.assessed as Assessed | undefined;
export const answerOf = (finding: FindingMessage): AssessmentEvidence =>
  finding.evidence as AssessmentEvidence;
