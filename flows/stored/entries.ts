import type { Event } from '../event.ts';
import { compileExpression } from '../expression.ts';
import { type DriverNode, type FlowDocument, isDriverNode } from '../flow.ts';
import type { Message } from '../message.ts';
import { type StoredEventsConfig, storedEvents } from './source.ts';

/** Where an event enters a flow. */
export interface Entry {
  readonly node: string;
  /** What it belongs together with; empty where the flow is in one part. */
  key(message: Message): string;
}

/** Flow that the hub's own events name as theirs: what it says of itself, no flow of a person. */
export const hubFlowId = 'hub';

/** Whether a hub's flow concluded it: flows are not fed with what flows of hubs say, so that none runs in circles. */
function isConcluded({ box, source }: Event): boolean {
  return box.startsWith('hub-') && !source.startsWith(`/boxes/${box}/flows/${hubFlowId}/`);
}

const takesType = (types: readonly string[]) => {
  const exact = new Set(types.filter((type) => !type.endsWith('*')));
  const prefixes = types.filter((type) => type.endsWith('*')).map((type) => type.slice(0, -1));
  return (type: string) => exact.has(type) || prefixes.some((prefix) => type.startsWith(prefix));
};

const isSource = (node: FlowDocument['nodes'][number]): node is DriverNode =>
  isDriverNode(node) && node.driver === storedEvents.type;

function entryOf({ id, config }: DriverNode) {
  const { types, sites, boxes, by } = config as StoredEventsConfig;
  const takes = takesType(types);
  const expression = by === undefined ? undefined : compileExpression(by);
  const key = (message: Message): string => {
    if (!expression) return '';
    try {
      const value = expression.value(message);
      return typeof value === 'string' ? value : JSON.stringify(value ?? null);
    } catch {
      return ''; // it has no such field: with the others that have none
    }
  };
  return {
    entry: { node: id, key },
    takes: ({ type, site, box }: Event) =>
      takes(type) && (sites?.includes(site) ?? true) && (boxes?.includes(box) ?? true),
  };
}

/** Finds where events enter a flow: every `events` node that takes them, in the order of the document. */
export function storedEntries(document: FlowDocument): (event: Event) => readonly Entry[] {
  const sources = document.nodes.filter(isSource).map(entryOf);
  const none: readonly Entry[] = [];
  return (event) => {
    if (isConcluded(event)) return none;
    return sources.flatMap(({ entry, takes }) => (takes(event) ? [entry] : []));
  };
}

/** Whether the flow is one of a hub. */
export const takesStored = (document: FlowDocument): boolean => document.nodes.some(isSource);
