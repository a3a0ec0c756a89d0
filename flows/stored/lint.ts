import type { Problem } from '../fault.ts';
import { faults } from '../faults.ts';
import { type FlowDocument, isDriverNode } from '../flow.ts';
import { lintFlow } from '../lint.ts';
import { readFlow } from '../parse.ts';
import type { StageRegistry } from '../stage.ts';
import { hubFlowId } from './entries.ts';
import { storedEvents } from './source.ts';

/** As `lintFlow`, of a flow for a hub. */
export function lintHubFlow(value: unknown, stages: StageRegistry): readonly Problem[] {
  const problems = lintFlow(value, stages, [storedEvents]);
  if (problems.length > 0) return problems;
  const read = readFlow(value);
  return 'document' in read ? lintDocument(read.document, stages) : read.problems;
}

function lintDocument({ id, nodes }: FlowDocument, stages: StageRegistry): Problem[] {
  const problems: Problem[] = [];
  if (id === hubFlowId) problems.push(faults.problem('flow.hubId', { id }, 'id'));
  nodes.forEach((node, place) => {
    if (isDriverNode(node)) return;
    const stage = stages.find(({ type }) => type === node.stage);
    if (stage?.asynchronous || stage?.bundles)
      problems.push(faults.problem('flow.hubStage', { type: node.stage }, `nodes[${place}].stage`));
  });
  const sources = nodes.flatMap((node, place) => (isDriverNode(node) ? [{ node, place }] : []));
  const whole = sources.find(({ node }) => node.config.by === undefined);
  if (whole && sources.some(({ node }) => node.config.by !== undefined))
    problems.push(faults.problem('flow.hubParts', { id: whole.node.id }, `nodes[${whole.place}].config.by`));
  return problems;
}
