import type { Problem } from '#flows/fault';
import { type FlowDocument, flowHash } from '#flows/flow';
import { readFlow } from '#flows/parse';
import { planChange } from '#flows/plan';
import { stages } from '#flows/registry';
import type { Release } from '#flows/wire';
import type { ReleasePlan } from './api/types.ts';
import { faults } from './faults.ts';

export interface PlanFlows {
  /** The whole set that is wanted. */
  readonly flows: readonly unknown[];
  /** Documents that run. */
  readonly before: ReadonlyMap<string, FlowDocument>;
  /** Hashes of what runs, where documents are not known. */
  readonly hashes?: ReadonlyMap<string, string>;
  readonly lint: (flow: unknown) => readonly Problem[];
}

/** What a set of flows would change, and what is wrong with it. */
export function planFlows({ flows, before, hashes: known, lint }: PlanFlows) {
  const problems: { path: string; message: string }[] = [];
  const next = new Map<string, FlowDocument>();
  flows.forEach((flow, place) => {
    const found = lint(flow);
    for (const { at, message, help } of found)
      problems.push({ path: `flows[${place}]${at ? `.${at}` : ''}`, message: `${message} ${help}` });
    const read = found.length === 0 ? readFlow(flow) : undefined;
    if (!read || !('document' in read)) return;
    const { id } = read.document;
    if (next.has(id))
      problems.push({ path: `flows[${place}].id`, message: `The flow ${id} is there twice.` });
    next.set(id, read.document);
  });
  const hashes = new Map(known);
  for (const [id, document] of before) hashes.set(id, flowHash(document));
  const ids = [...new Set([...next.keys(), ...hashes.keys()])].sort();
  const changeOf = (id: string): ReleasePlan['changes'][number]['change'] => {
    const [old, document] = [hashes.get(id), next.get(id)];
    if (!document) return 'remove';
    if (old === undefined) return 'add';
    return old === flowHash(document) ? 'same' : 'change';
  };
  return {
    changes: ids.map((id) => ({ flow: id, change: changeOf(id) })),
    lost: ids.flatMap((id) => planChange(before.get(id), next.get(id), stages).lost),
    problems,
    documents: [...next.values()],
  };
}

/** Throws `release.problems` for a plan that has any, and `release.loss` for state that was not given up. */
export function checkPlan(
  { problems, lost }: Pick<ReleasePlan, 'problems' | 'lost'>,
  confirmed: readonly string[],
): void {
  const [first] = problems;
  if (first) {
    const fields = { count: problems.length, detail: first.message };
    throw faults.fault('release.problems', fields, first.path);
  }
  const rest = lost.filter((name) => !confirmed.includes(name));
  if (rest.length > 0) throw faults.fault('release.loss', { lost: rest.join(', ') });
}

/** Documents of a release by id. */
export function documentsOf(release: Release | undefined): Map<string, FlowDocument> {
  const documents = (release?.flows ?? []).flatMap((flow) => {
    const read = readFlow(flow);
    return 'document' in read ? [read.document] : [];
  });
  return new Map(documents.map((document) => [document.id, document]));
}
