import type { FindingMessage } from '../inference.ts';
import type { MessageOf } from '../message.ts';

/** The fields of a finding that a verdict carries: what is claimed, by whom, where, and at which threshold. */
export function carried({ label, score, model, modelVersion, region, evidence, attributes }: FindingMessage) {
  const { threshold } = attributes;
  return {
    label,
    score,
    model,
    modelVersion,
    signed: attributes.signed === true,
    ...(typeof threshold === 'number' ? { threshold } : {}),
    ...(region === undefined ? {} : { region }),
    ...(evidence === undefined ? {} : { evidence }),
  };
}

/** Which models looked, once each: enough to find the very bundle again. */
export function modelsOf(findings: readonly FindingMessage[]) {
  const models = findings.map(({ model: id, modelVersion: version, attributes }) => {
    const { sha256, threshold, provider } = attributes;
    return {
      id,
      version,
      ...(typeof sha256 === 'string' ? { sha256 } : {}),
      signed: attributes.signed === true,
      ...(typeof threshold === 'number' ? { threshold } : {}),
      ...(typeof provider === 'string' ? { provider } : {}),
    };
  });
  return [...new Map(models.map((model) => [`${model.id} ${model.version}`, model])).values()];
}

/** Simulated data alone, unless the model says that it was validated on other data. */
export const simulated = ({ attributes, label }: FindingMessage): boolean =>
  label !== 'abstained' && attributes.simulationValidated !== false;

/** What a verdict says of the declaration: who filed it for what is not its business. */
export function carriedDeclaration({ id, conveyance, goods }: MessageOf<'declaration'>) {
  return {
    id,
    ...(conveyance === undefined ? {} : { conveyance }),
    goods: goods.map(({ hs, description, weightKg, origin }) => ({
      hs,
      description,
      ...(weightKg === undefined ? {} : { weightKg }),
      ...(origin === undefined ? {} : { origin }),
    })),
  };
}
