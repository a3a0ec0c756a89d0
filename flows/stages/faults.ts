import { defineFaults } from '../fault.ts';
import { Refusal } from '../process.ts';

/** What a stage can say of a message that it cannot handle; each leaves by the error port. */
const table = {
  'belt.unplaced': {
    message: 'Where the ore was that {device} saw is not known: the scale had said nothing by then.',
    help: 'Nothing is missing at a start; else look at the scale, and at the clock of the device.',
  },
  'expression.failed': {
    message: '{detail}',
    help: 'Guard the expression with has(m.field), or filter such messages out in front of the stage.',
  },
  'corridor.unknown': {
    message: 'There is no set of routes called {name}.',
    help: 'Put the set into the release, or the routes themselves into the config.',
  },
  'corridor.invalid': {
    message: 'The routes cannot be used: {detail}.',
    help: 'Mend the set: a LineString for each route, with `properties.id`.',
  },
  'fence.unknown': {
    message: 'There is no fence set called {name}.',
    help: 'Put the set into the release, or the fences themselves into the config.',
  },
  'fence.invalid': {
    message: 'The fences cannot be used: {detail}.',
    help: 'Fences are a GeoJSON FeatureCollection of polygons, each with properties.id.',
  },
  'frame.late': {
    message: 'A strip of scan {scan} came after the scan was concluded.',
    help: 'Its verdict stands. Raise `patienceSeconds` where strips overtake each other by more.',
  },
  'frame.repeated': {
    message: 'Columns from {column} of scan {scan} came again.',
    help: 'Each column is looked at once; when the content differs, the scan is not judged.',
  },
  'frame.scan': {
    message: 'The frame does not say what is needed to judge its scan: {detail}.',
    help: "Every frame of a scan has `scan`, and a scanner's description in `attributes.scan`.",
  },
  'increment.late': {
    message: 'A measurement of increment {increment} of lot {lot} came after that was concluded.',
    help: 'Raise `latenessSeconds` of the belt stage where sensors are slower than that.',
  },
  'lot.declared': {
    message: 'The declaration of a lot is not as it must be: {detail}.',
    help: 'attributes.lot is { state, declared: { lot, shipper, brand, mine, port, … } }.',
  },
  'message.kind': {
    message: 'A {kind} message came, and {stage} takes {accepted}.',
    help: 'Put a filter or a route in front of the stage.',
  },
  'message.device': {
    message: 'The message names no device.',
    help: "Set `device` in the driver's config.",
  },
  'message.time': {
    message: 'The message has no usable time: {time}.',
    help: 'Times are ISO 8601 in UTC, ending in Z; a driver completes what the wire leaves out.',
  },
  'message.invalid': {
    message: 'This is no {kind} message: {detail}.',
    help: 'Set every field that the kind needs, with the type and bounds that it has.',
  },
  'model.missing': {
    message: 'There is no model {model} here.',
    help: 'Put its bundle into the release, or its folder where the models are; until then nothing is cleared.',
  },
  'policy.unknown': {
    message: 'There is no policy called {name}.',
    help: 'Put its document among the fence sets of the release, or the policy itself into the config.',
  },
  'policy.invalid': {
    message: 'The policy cannot be used: {detail}.',
    help: 'A policy has an id, a version, documents and limits, each with where it is from; see flows/library/iron-ore-import.json.',
  },
  'roads.unknown': {
    message: 'There is no road set called {name}.',
    help: 'Put the set among the fence sets of the release, or the roads themselves into the config.',
  },
  'roads.invalid': {
    message: 'The roads cannot be used: {detail}.',
    help: 'Roads are a GeoJSON FeatureCollection of lines, each with properties.id.',
  },
  'state.full': {
    message: 'The stage remembers {limit} keys already, and {key} is a new one.',
    help: 'Raise the limit in its config, or use a key with fewer values.',
  },
} as const;

export const faults = defineFaults(table);

/** The error that sends the message in hand out of the error port. */
export function refusal(code: keyof typeof table, fields: Record<string, string | number> = {}): Refusal {
  return new Refusal(code, faults.problem(code, fields).message);
}
