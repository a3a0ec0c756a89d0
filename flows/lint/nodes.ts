import type { TObject } from 'typebox';
import type { Problem } from '../fault.ts';
import { faults } from '../faults.ts';
import { type FlowDocument, type FlowNode, isDriverNode } from '../flow.ts';
import type { DriverFacts } from '../lint.ts';
import type { Stage, StageRegistry } from '../stage.ts';
import { hint } from './nearest.ts';
import { type Finding, findings, joinPath, withDefaults } from './schema.ts';

/** What is known of a node once its type and config are read. */
export interface NodeReading {
  readonly stage?: Stage;
  readonly driver?: DriverFacts;
  /** Config with defaults; present when it agrees with the schema. */
  readonly config?: Record<string, unknown>;
}

/** The part of a stage or driver that its config is read by. */
interface Configured {
  readonly type: string;
  readonly config: TObject;
  check?(config: Record<string, unknown>): readonly { readonly path: string; readonly message: string }[];
}

export function lintNodes(
  document: FlowDocument,
  stages: StageRegistry,
  drivers: readonly DriverFacts[] | undefined,
): { problems: Problem[]; facts: NodeReading[] } {
  const problems: Problem[] = [];
  const ids = new Set<string>();
  const facts = document.nodes.map((node, place): NodeReading => {
    const at = `nodes[${place}]`;
    if (ids.has(node.id)) problems.push(faults.problem('flow.duplicateNode', { id: node.id }, `${at}.id`));
    ids.add(node.id);
    const found = resolve(node, stages, drivers);
    if (found === undefined) {
      problems.push(unknownType(node, stages, drivers, at));
      return {};
    }
    if (found === 'unchecked') return {};
    const config = readConfig(found, node.config, `${at}.config`, problems);
    const known = 'accepts' in found ? { stage: found as Stage } : { driver: found as DriverFacts };
    return config === undefined ? known : { ...known, config };
  });
  return { problems, facts };
}

function resolve(
  node: FlowNode,
  stages: StageRegistry,
  drivers: readonly DriverFacts[] | undefined,
): Stage | DriverFacts | 'unchecked' | undefined {
  if (!isDriverNode(node)) return stages.find((stage) => stage.type === node.stage);
  return drivers === undefined ? 'unchecked' : drivers.find((driver) => driver.type === node.driver);
}

function unknownType(
  node: FlowNode,
  stages: StageRegistry,
  drivers: readonly DriverFacts[] | undefined,
  at: string,
): Problem {
  const names = (list: readonly { readonly type: string }[]) => list.map(({ type }) => type);
  if (isDriverNode(node)) {
    const fields = { type: node.driver, hint: hint(node.driver, names(drivers ?? [])) };
    return faults.problem('flow.unknownDriver', fields, `${at}.driver`);
  }
  const fields = { type: node.stage, hint: hint(node.stage, names(stages)) };
  return faults.problem('flow.unknownStage', fields, `${at}.stage`);
}

/** The config with defaults, or undefined after appending what is wrong with it. */
function readConfig(
  of: Configured,
  given: Record<string, unknown>,
  at: string,
  problems: Problem[],
): Record<string, unknown> | undefined {
  const before = problems.length;
  const { type } = of;
  const config = withDefaults(of.config, given);
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(of.config.properties, name)) continue;
    const fields = { type, name, hint: hint(name, Object.keys(of.config.properties)) };
    problems.push(faults.problem('flow.unknownSetting', fields, joinPath(at, name)));
  }
  const known = Object.fromEntries(
    Object.entries(config).filter(([name]) => Object.hasOwn(of.config.properties, name)),
  );
  for (const { path, message } of findings(of.config, known, at)) {
    problems.push(faults.problem('flow.config', { type, detail: message }, path));
  }
  if (problems.length > before) return undefined;
  for (const { path, message } of checked(of, config)) {
    problems.push(faults.problem('flow.config', { type, detail: message }, joinPath(at, path)));
  }
  return problems.length > before ? undefined : config;
}

/** What the schema cannot say; a check that throws has found something too. */
function checked(of: Configured, config: Record<string, unknown>): readonly Finding[] {
  try {
    return of.check?.(config) ?? [];
  } catch (error) {
    return [{ path: '', message: error instanceof Error ? error.message : String(error) }];
  }
}
