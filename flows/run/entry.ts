import { faults } from '../faults.ts';
import { type FlowDocument, isDriverNode } from '../flow.ts';
import { storedEntries, takesStored } from '../stored/entries.ts';
import type { Recorded } from './line.ts';

/** Where a recorded line enters; throws `run.entry` when that cannot be told. */
type FindEntry = (recorded: Recorded, line: number) => readonly string[];

/**
 * The node that the line names; else the driver node whose config has its device; else the only driver node. An event
 * enters at every `events` node that takes it, as at a hub.
 */
export function entryFinder(document: FlowDocument): FindEntry {
  const ids = new Set(document.nodes.map(({ id }) => id));
  const drivers = document.nodes.filter(isDriverNode);
  const byDevice = new Map<string, string[]>();
  for (const { id, config } of drivers) {
    const { device } = config;
    if (typeof device === 'string') byDevice.set(device, [...(byDevice.get(device) ?? []), id]);
  }
  const entries = storedEntries(document);
  const takesEvents = takesStored(document);
  const only = drivers.length === 1 ? drivers[0]?.id : undefined;
  return ({ node, event, message: { device } }, line) => {
    const refuse = (detail: string) => faults.fault('run.entry', { line, detail });
    if (event) {
      if (takesEvents) return entries(event).map((entry) => entry.node);
      throw refuse('it is an event, and there is no node with driver events');
    }
    if (node !== undefined) {
      if (ids.has(node)) return [node];
      throw refuse(`there is no node ${node}`);
    }
    const [match, ...others] = device === undefined ? [] : (byDevice.get(device) ?? []);
    if (match !== undefined && others.length === 0) return [match];
    if (only !== undefined) return [only];
    const whose = device === undefined ? 'it names no device' : `no single driver has device ${device}`;
    throw refuse(`${whose}, and there are ${drivers.length} drivers`);
  };
}
