import { Fault } from '../fault.ts';
import type { FlowDocument } from '../flow.ts';
import { lintFlow } from '../lint.ts';
import type { FlowHost, FlowInstance } from '../runtime.ts';
import type { StageRegistry } from '../stage.ts';
import { Instance } from './instance.ts';

/**
 * Compiles a flow to one RxJS graph and starts it. Neighbours call each other directly; queues stand only
 * in front of asynchronous stages. Throws the Fault of the first problem that lint finds (drivers apart,
 * which the runtime never opens), or `flow.build`.
 */
export function compileFlow(document: FlowDocument, stages: StageRegistry, host: FlowHost): FlowInstance {
  const [problem] = lintFlow(document, stages);
  if (problem !== undefined) throw new Fault(problem);
  return new Instance(document, stages, host);
}
