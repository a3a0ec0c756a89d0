import type { TObject } from 'typebox';
import type { Problem } from './fault.ts';
import { faults } from './faults.ts';
import type { FlowDocument } from './flow.ts';
import { findCycle, graphOf, reachedFromDrivers } from './lint/graph.ts';
import { resolveKinds } from './lint/kinds.ts';
import { hint } from './lint/nearest.ts';
import { lintNodes } from './lint/nodes.ts';
import { lintBlocking, lintKinds, lintWires } from './lint/wires.ts';
import type { Kind } from './message.ts';
import { readFlow } from './parse.ts';
import type { StageRegistry } from './stage.ts';

/** What lint needs to know of a driver; `DriverEntry` of drivers/driver.ts has it. */
export interface DriverFacts {
  readonly type: string;
  readonly config: TObject;
  readonly emits: readonly Kind[];
  readonly pausable: boolean;
  readonly repeats: boolean;
  check?(config: Record<string, unknown>): readonly { readonly path: string; readonly message: string }[];
}

/**
 * Everything that is wrong with a flow, each with its path (`nodes[3].config.hysteresisM`); nothing when it
 * can run. Takes any value and never throws. Without `drivers` nothing is said about drivers' types and configs.
 */
export function lintFlow(
  value: unknown,
  stages: StageRegistry,
  drivers?: readonly DriverFacts[],
): readonly Problem[] {
  const read = readFlow(value);
  return 'problems' in read ? read.problems : lintDocument(read.document, stages, drivers);
}

function lintDocument(
  document: FlowDocument,
  stages: StageRegistry,
  drivers: readonly DriverFacts[] | undefined,
): Problem[] {
  const { problems, facts } = lintNodes(document, stages, drivers);
  const graph = graphOf(document);
  problems.push(...lintWires(document, facts));
  const cycle = findCycle(graph);
  if (cycle !== undefined) {
    const path = cycle.map((node) => document.nodes[node]?.id).join(' → ');
    problems.push(faults.problem('flow.cycle', { path }, 'wires'));
  } else {
    problems.push(...lintKinds(document, graph, facts, resolveKinds(document, graph, facts)));
    problems.push(...lintBlocking(document, graph, facts));
  }
  const reached = reachedFromDrivers(document, graph);
  document.nodes.forEach(({ id }, place) => {
    const first = graph.places.get(id) === place;
    if (first && !reached.has(place))
      problems.push(faults.problem('flow.unreached', { id }, `nodes[${place}]`));
  });
  return [...problems, ...lintTests(document, graph.places)];
}

function lintTests(document: FlowDocument, places: ReadonlyMap<string, number>): Problem[] {
  return (document.tests ?? []).flatMap((test, place) =>
    test.input.flatMap((line, number) => {
      const { node } = line;
      if (node === undefined || (typeof node === 'string' && places.has(node))) return [];
      const id = typeof node === 'string' ? node : JSON.stringify(node);
      const fields = { id, hint: hint(id, places.keys()) };
      return [faults.problem('flow.unknownNode', fields, `tests[${place}].input[${number}].node`)];
    }),
  );
}
