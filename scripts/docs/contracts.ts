import { priorities } from '#flows/event';
import type { EventType } from '#flows/event-types';
import type { FaultEntry } from '#flows/fault';
import { codeList, configTable, page, table } from './markdown.ts';
import type { Schema } from './schema.ts';

export function configPage(box: Schema, hub: Schema, flow: Schema): string {
  const intro = [
    'Configs are YAML or JSON. An unknown field is an error, with its path.',
    'What a flow may contain beyond its own fields is in [stages](stages.md) and [drivers](drivers.md).',
  ].join('\n');
  return page('Configs', intro, [
    `## Box\n\n\`quaywatch edge --config FILE\`\n\n${configTable(box)}`,
    `## Hub\n\n\`quaywatch hub --config FILE\`\n\n${configTable(hub)}`,
    `## Flow\n\n\`quaywatch flow lint FILE\`\n\n${configTable(flow)}`,
  ]);
}

export function eventsPage(
  event: Schema,
  messages: Readonly<Record<string, Schema>>,
  types: Readonly<Record<string, EventType>>,
): string {
  const intro = [
    'What leaves a box is an event: a JSON object in the form of CloudEvents 1.0, with a sequence per box and the',
    `priority that orders its way to the hub (${codeList(priorities)}). What travels inside a flow is a message.`,
  ].join('\n');
  const rows = Object.entries(types).map(([type, { subject, summary, data }]) => [
    `\`${type}\``,
    subject,
    summary,
    data.length > 0 ? codeList(data) : 'as measured',
  ]);
  const common = new Set(['kind', 'device', 'time', 'received', 'quality', 'attributes']);
  const kinds = Object.entries(messages).map(([kind, schema]) => {
    const own = Object.entries(schema.properties ?? {}).filter(([name]) => !common.has(name));
    return `### ${kind}\n\n${schema.description ?? ''}\n\n${configTable({ ...schema, properties: Object.fromEntries(own) })}`;
  });
  const first = Object.values(messages)[0];
  const shared = Object.entries(first?.properties ?? {}).filter(
    ([name]) => common.has(name) && name !== 'kind',
  );
  return page('Events and messages', intro, [
    `## Event\n\n${configTable(event)}`,
    `## Event types\n\nA message that reaches \`emit\` as it came becomes \`quaywatch.<kind>.observed\`. The others:\n\n${table(['type', 'subject', 'says', '`data` has'], rows)}`,
    `## Messages\n\nEvery message has \`kind\` and these:\n\n${configTable({ ...first, properties: Object.fromEntries(shared) })}`,
    ...kinds,
  ]);
}

export function faultsPage(tables: Readonly<Record<string, Readonly<Record<string, FaultEntry>>>>): string {
  const sections = Object.entries(tables).map(([folder, faults]) => {
    const rows = Object.entries(faults)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, { message, help }]) => [`\`${code}\``, message, help]);
    return `## ${folder}\n\n${table(['code', 'what it says', 'what to do'], rows)}`;
  });
  const intro = 'Every problem is reported with a code, the place, a sentence and what to do.';
  return page('Fault codes', intro, sections);
}
