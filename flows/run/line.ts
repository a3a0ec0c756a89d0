import type { Static, TObject } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { tooDeep } from '../depth.ts';
import { Event } from '../event.ts';
import { convertDatum } from '../geo/datum.ts';
import { type Kind, kinds, type Message, messageSchemas } from '../message.ts';
import { messageOf } from '../stored/message.ts';

/** A recorded line: a message, and the node that it enters at when the line says so. */
export interface Recorded {
  readonly message: Message;
  readonly node?: string;
  /** The event that the message was made of, where the line is one that a hub has stored. */
  readonly event?: Event;
  /** When the box got it, epoch milliseconds: `received`, else `time`; undefined when it has neither. */
  readonly atMs?: number;
}

/** What is nested deeper could not be written again without running out of stack. */
const maxDepth = 500;

export type ReadLine = (line: string) => Recorded | { readonly detail: string };

const isEvent = Compile(Event);

/**
 * Reads recorded lines. A line may also be an event as a hub has stored it, `{event, stored}` or the event alone. What every message has and a person who writes one leaves out is filled in: `quality`
 * good, no `attributes`, `fix` true for a position that gives one, `received` as `time`. Coordinates are turned into WGS 84 from
 * the datum that `attributes.datum` names, as a driver does it.
 */
export function lineReader(): ReadLine {
  const validators = new Map<Kind, Validator>();
  const validatorOf = (kind: Kind): Validator => {
    const known = validators.get(kind) ?? Compile(messageSchemas[kind] as TObject);
    validators.set(kind, known);
    return known;
  };
  return (line) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      return { detail: error instanceof Error ? error.message : 'not JSON' };
    }
    if (line.length > 2 * maxDepth && tooDeep(value, maxDepth)) {
      return { detail: `nested deeper than ${maxDepth} levels` };
    }
    return readValue(value, validatorOf);
  };
}

function readValue(
  value: unknown,
  validatorOf: (kind: Kind) => Validator,
): Recorded | { readonly detail: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { detail: 'not an object' };
  const line = value as Record<string, unknown>;
  if (line.specversion !== undefined || line.event !== undefined) return readEvent(line);
  const { node, ...rest } = line;
  if (node !== undefined && typeof node !== 'string') return { detail: 'node is not a text' };
  const { kind } = rest;
  if (!isKind(kind)) return { detail: `there is no kind ${JSON.stringify(kind)}` };
  const message = withDefaults(rest);
  const validator = validatorOf(kind);
  if (!validator.Check(message)) {
    const [error] = validator.Errors(message);
    return { detail: `${kind}${error?.instancePath ?? ''} ${error?.message ?? 'does not fit its schema'}` };
  }
  const read = message as Static<(typeof messageSchemas)[Kind]>;
  const { datum } = read.attributes;
  if (typeof datum === 'string') convertDatum(read, datum);
  const when = read.received ?? read.time;
  const atMs = when === undefined ? undefined : Date.parse(when);
  if (Number.isNaN(atMs)) return { detail: `${when} is no moment` };
  return {
    message: read,
    ...(node === undefined ? {} : { node }),
    ...(atMs === undefined ? {} : { atMs }),
  };
}

function readEvent(line: Record<string, unknown>): Recorded | { readonly detail: string } {
  const event = line.event ?? line;
  if (!isEvent.Check(event)) {
    const [error] = isEvent.Errors(event);
    return { detail: `event${error?.instancePath ?? ''} ${error?.message ?? 'does not fit its schema'}` };
  }
  const stored = line.stored ?? event.time;
  const atMs = typeof stored === 'string' ? Date.parse(stored) : Number.NaN;
  if (Number.isNaN(atMs)) return { detail: `${JSON.stringify(stored)} is no moment` };
  return { message: messageOf(event, new Date(atMs).toISOString()), event, atMs };
}

const isKind = (kind: unknown): kind is Kind => typeof kind === 'string' && kinds.includes(kind as Kind);

function withDefaults(message: Record<string, unknown>): Record<string, unknown> {
  message.quality ??= 'good';
  message.attributes ??= {};
  if (message.kind === 'position') message.fix ??= true;
  if (message.time !== undefined) message.received ??= message.time;
  return message;
}
