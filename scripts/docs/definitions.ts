import type { DriverEntry } from '#drivers/driver';
import type { Stage } from '#flows/stage';
import type { Example } from './examples.ts';
import { codeList, configTable, page, table } from './markdown.ts';
import { asSchema } from './schema.ts';

type Examples = ReadonlyMap<string, Example>;

const kinds = (list: readonly string[] | 'any' | 'same'): string =>
  list === 'any' ? 'any message' : list === 'same' ? 'what came in' : codeList(list) || 'nothing';

function example(type: string, examples: Examples): string[] {
  const found = examples.get(type);
  return found
    ? [`As in [${found.flow}](../../flows/library/${found.flow}):`, `\`\`\`yaml\n${found.yaml}\n\`\`\``]
    : [];
}

export function stagesPage(stages: readonly Stage[], examples: Examples): string {
  const sections = stages.map((stage) =>
    [
      `## ${stage.type}`,
      stage.summary,
      `Takes ${kinds(stage.accepts)}; sends ${kinds(stage.emits)}. ${inputs(stage)} ${outputs(stage)} ${memory(stage)}`,
      configTable(asSchema(stage.config)),
      ...example(stage.type, examples),
    ].join('\n\n'),
  );
  const intro = [
    'A stage is a node of a flow that turns messages into messages. Every stage has the output ports `out` and',
    '`error`; a message that a stage cannot handle leaves by `error` and the flow goes on.',
  ].join('\n');
  return page('Stages', intro, sections);
}

const inputs = (stage: Stage): string =>
  stage.inputs ? `Inputs: ${codeList(stage.inputs)}.` : 'Input: `in`.';

function outputs(stage: Stage): string {
  if (!stage.outputs) return 'Outputs: `out`, `error`.';
  try {
    const extra = stage.outputs({});
    return `Outputs: ${codeList(['out', ...extra, 'error'])}.`;
  } catch {
    return 'Outputs: `out`, `error`, and those that its config names.';
  }
}

const memory = (stage: Stage): string =>
  stage.state
    ? `Keeps state (version ${stage.stateVersion ?? 1}), which survives a restart.`
    : 'Keeps no state.';

export function driversPage(drivers: readonly DriverEntry[], examples: Examples): string {
  const sections = drivers.map((driver) =>
    [
      `## ${driver.type}`,
      driver.summary,
      `Sends ${kinds(driver.emits)}. ${promise(driver)} ${pause(driver)}`,
      configTable(asSchema(driver.config)),
      ...commands(driver),
      ...example(driver.type, examples),
    ].join('\n\n'),
  );
  const intro = 'A driver is a node of a flow at which the messages of devices come in, over one protocol.';
  return page('Drivers', intro, sections);
}

/** What its devices can be told, with what each needs. */
function commands({ commands: known }: DriverEntry): string[] {
  if (!known) return [];
  const rows = known.map(({ action, summary, parameters, physical, confirmedBy }) => [
    `\`${action}\``,
    summary,
    Object.keys(parameters.properties).length > 0 ? codeList(Object.keys(parameters.properties)) : 'none',
    physical ? 'two people' : 'one person',
    confirmedBy
      ? `a \`${confirmedBy.kind}\` with ${codeList(Object.entries(confirmedBy.where).map(([name, value]) => `${name} ${value}`))}`
      : 'nothing: its acknowledgement is all there is',
  ]);
  return [`Commands:\n\n${table(['action', 'what it does', 'parameters', 'needs', 'confirmed by'], rows)}`];
}

const promise = ({ repeats }: DriverEntry): string =>
  repeats
    ? 'What was not acknowledged comes again: nothing is lost between device and disk.'
    : 'Its source cannot repeat itself: an outage becomes the event `quaywatch.device.gap`.';

const pause = ({ pausable }: DriverEntry): string =>
  pausable
    ? 'Its wire can be held up, so `block` may stand behind it.'
    : 'Its wire cannot be held up, so `block` may not stand in front of a slower stage.';
