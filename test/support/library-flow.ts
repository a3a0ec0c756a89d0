import { readFileSync } from 'node:fs';
import { libraryFolder } from '#edge/demo/layout';
import type { Event } from '#flows/event';
import type { Message } from '#flows/message';
import { parseFlow } from '#flows/parse';
import { stages } from '#flows/registry';
import { runFlow } from '#flows/run/run';
import { networkOf } from './roads.ts';

const read = (name: string) => readFileSync(`${libraryFolder}/${name}`, 'utf8');
const fences: unknown = JSON.parse(read('fences.geojson'));

/** The roads that the product ships. */
export const portRoads = () => networkOf(JSON.parse(read('roads.geojson')));

/** What a flow of the library says to messages that come at one of its nodes; throws where it cannot take one. */
export async function conclude(
  name: string,
  node: (message: Message) => string,
  messages: readonly Message[],
): Promise<Event[]> {
  const parsed = parseFlow(read(`${name}.flow.yaml`));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  const lines = messages.map((message) => JSON.stringify({ ...message, node: node(message) }));
  const events: Event[] = [];
  const refuse = (problem: unknown) => {
    throw new Error(JSON.stringify(problem));
  };
  const resources = { fenceSet: (set: string) => (set === 'fences' ? fences : undefined) };
  const run = { document: parsed.document, stages, resources, lines, onProblem: refuse, onError: refuse };
  for await (const event of runFlow(run)) events.push(event);
  return events;
}
