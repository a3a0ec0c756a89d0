import { Compile, type Validator } from 'typebox/compile';
import type { Event } from '../event.ts';
import { type Kind, kinds, type Message, messageSchemas } from '../message.ts';

const observed = /^quaywatch\.([a-z]+)\.observed$/;

const validators = new Map<Kind, Validator>(kinds.map((kind) => [kind, Compile(messageSchemas[kind])]));

/**
 * What a stored event is to a flow. One of type `quaywatch.<kind>.observed` is the message that its box observed
 * again, its device the event's subject; any other is a conclusion (kind `event`) with its type, subject and
 * data. `time` is the event's, `received` when the hub stored it. Where it comes from is in `attributes`: `event` (its
 * id), `box`, `site`, and `supersedes` where it corrects another.
 */
export function messageOf(event: Event, stored: string): Message {
  const { type, subject, time, data, id, box, site, supersedes } = event;
  const own = data.attributes;
  const attributes = {
    ...(typeof own === 'object' && own !== null && !Array.isArray(own) ? own : {}),
    event: id,
    box,
    site,
    ...(supersedes !== undefined && { supersedes }),
  };
  const common = { time, received: stored, attributes };
  const kind = observed.exec(type)?.[1] as Kind | undefined;
  const validator = kind && kind !== 'event' ? validators.get(kind) : undefined;
  if (validator) {
    const message = {
      quality: 'good',
      ...data,
      kind,
      ...(subject !== undefined && { device: subject }),
      ...common,
    };
    if (validator.Check(message)) return message as Message;
  }
  return {
    kind: 'event',
    type,
    quality: 'good',
    ...(subject !== undefined && { subject, device: subject }),
    data,
    ...common,
  };
}
