import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const mqttJsonCodes = {
  'json.syntax': {
    message: 'The payload is no JSON: {detail}.',
    help: 'Correct the sender; the message was set aside and acknowledged.',
  },
  'json.toolarge': {
    message: 'A payload has more than {limit} bytes.',
    help: 'It was set aside; raise maxPayloadBytes if it is meant to come.',
  },
  'json.shape': {
    message: 'The payload fits none of the formats: {detail}.',
    help: 'Set `format`, or describe the payload in `map`.',
  },
  'json.message': {
    message: 'The {kind} message is wrong at {path}: {detail}.',
    help: 'Correct the sender, or the `map`; the reference page of messages lists every field.',
  },
  'owntracks.field': {
    message: 'The OwnTracks {type} has no usable {field}.',
    help: 'Correct the sender; the message was set aside and acknowledged.',
  },
  'owntracks.encrypted': {
    message: 'The OwnTracks payload is encrypted.',
    help: 'Switch payload encryption off and use TLS.',
  },
  'owntracks.type': {
    message: 'OwnTracks has no type {type}.',
    help: 'Correct the sender, or set `format` to map.',
  },
  'jointech.field': {
    message: 'The report of a Jointech device has no usable {field}.',
    help: 'Correct what the platform pushes; the message was set aside and acknowledged.',
  },
  'map.rule': {
    message: 'No rule of `map` applies.',
    help: 'Add a rule without `when` as the last one, or correct the sender.',
  },
  'map.field': {
    message: 'The field {field} cannot be had from {pointer}: {detail}.',
    help: 'Correct the pointer in `map`, or mark the field as optional.',
  },
} as const satisfies Record<string, FaultEntry>;
