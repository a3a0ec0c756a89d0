import { defineFaults } from './fault.ts';

/** What can be wrong with a flow, its run, or a call into it. */
export const faults = defineFaults({
  'flow.syntax': {
    message: 'The document cannot be read: {detail}.',
    help: 'Write YAML 1.2 or JSON without aliases; the place is line:column.',
  },
  'flow.tooLarge': {
    message: 'The document has {size} characters; at most {limit} are read.',
    help: 'Put large fences into a fence set and name it in the config.',
  },
  'flow.schema': {
    message: 'The value {detail}.',
    help: 'A flow has id, version, nodes (id, stage or driver, config) and wires (from, to, buffer).',
  },
  'flow.duplicateNode': {
    message: 'Two nodes are called {id}.',
    help: 'Give every node an id of its own; state and metrics are kept by it.',
  },
  'flow.unknownStage': {
    message: 'There is no stage {type}.{hint}',
    help: 'See docs/reference/stages.md for the stages there are.',
  },
  'flow.unknownDriver': {
    message: 'There is no driver {type}.{hint}',
    help: 'See docs/reference/drivers.md for the drivers there are.',
  },
  'flow.config': {
    message: 'The setting does not fit: {detail}.',
    help: 'See docs/reference for the settings of {type} and their bounds.',
  },
  'flow.unknownSetting': {
    message: '{type} has no setting {name}.{hint}',
    help: 'Remove it or correct its name; settings that nobody reads would be ignored.',
  },
  'flow.unknownNode': {
    message: 'There is no node {id}.{hint}',
    help: 'Name a node of the flow, as `node` or `node.port`.',
  },
  'flow.unknownPort': {
    message: 'Node {id} has no {direction} {port}.{hint}',
    help: 'Its {direction}s are: {ports}.',
  },
  'flow.wireIntoDriver': {
    message: 'A wire leads into {id}, which is a driver.',
    help: 'Drivers only send; commands to devices do not go along wires.',
  },
  'flow.wrongKind': {
    message: '{from} sends {sends}, and {to} accepts only {accepts}.',
    help: 'Put a stage between them that turns one into the other, or wire another port.',
  },
  'flow.cycle': {
    message: 'The wires form a cycle: {path}.',
    help: 'Remove one wire of it; a flow runs from sources to events.',
  },
  'flow.unreached': {
    message: 'No driver leads to {id}.',
    help: 'Wire it to a source, or remove it.',
  },
  'flow.bundleFormat': {
    message: 'The bundle {id} is of format {format}, and {wanted} is wanted here.',
    help: 'Name a bundle of that format; `quaywatch calibrate` and the Lab page make calibrations.',
  },
  'flow.bundleMissing': {
    message: 'There is no bundle {id} {where}.{hint}',
    help: 'Put the bundle where it is looked for (`--bundles DIR`), import it at the hub and name it in the release, or correct the name.',
  },
  'flow.blockUnpausable': {
    message: 'The buffer of this wire blocks, and its source {source} ({type}) cannot be paused.',
    help: 'Give the wire a buffer with overflow dropOldest, dropNewest or latestPerKey.',
  },
  'flow.hubStage': {
    message: 'A flow of a hub cannot have the stage {type}: what it works on is at a box.',
    help: 'Run it on the box, and take its events here.',
  },
  'flow.hubParts': {
    message: 'Source {id} has no `by`, and another one has.',
    help: 'Give all sources of the flow a `by`, or none.',
  },
  'flow.hubId': {
    message: 'A flow of a hub cannot be called {id}.',
    help: 'That is what the hub calls itself; choose another id.',
  },
  'flow.build': {
    message: 'Stage {type} refuses its config: {detail}.',
    help: 'Correct the config of the node.',
  },
  'flow.stopped': {
    message: 'Flow {flow} was stopped and takes no messages.',
    help: 'This is a fault of the program: push to the flow that took over.',
  },
  'run.otherFlow': {
    message: 'The saved state belongs to another {what} ({saved}, not {given}).',
    help: 'Run with the flow and seed that it was made with, or choose an empty folder.',
  },
  'run.entry': {
    message: 'Line {line} fits no driver of the flow: {detail}.',
    help: 'Add `node` to the line, or set `device` in the config of its driver node.',
  },
  'run.line': {
    message: 'Line {line} is no message: {detail}.',
    help: 'Write one JSON message a line, as `quaywatch decode` and `quaywatch record` do.',
  },
});
