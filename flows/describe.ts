import type { Kind } from './message.ts';
import type { StageRegistry } from './stage.ts';

/** A stage as plain JSON: what palette, forms and docs are made of. */
export interface StageDescription {
  readonly type: string;
  readonly summary: string;
  readonly accepts: readonly Kind[] | 'any';
  readonly emits: readonly Kind[] | 'same';
  readonly inputs: readonly string[];
  /** Whether output ports beside `out` and `error` depend on the config. */
  readonly outputs: 'fixed' | 'configured';
  readonly stateful: boolean;
  readonly asynchronous: boolean;
  /** JSON Schema. */
  readonly config: Record<string, unknown>;
}

export function describeStages(stages: StageRegistry): StageDescription[] {
  return stages.map((stage) => ({
    type: stage.type,
    summary: stage.summary,
    accepts: stage.accepts,
    emits: stage.emits,
    inputs: stage.inputs ?? ['in'],
    outputs: stage.outputs === undefined ? 'fixed' : 'configured',
    stateful: stage.state !== undefined,
    asynchronous: stage.asynchronous ?? false,
    config: JSON.parse(JSON.stringify(stage.config)) as Record<string, unknown>,
  }));
}
