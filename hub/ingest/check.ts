import { Compile } from 'typebox/compile';
import { BundleFetch } from '#flows/bundle-wire';
import { CommandReport } from '#flows/command';
import { Event, eventId, type Priority, priorities } from '#flows/event';
import type { Problem } from '#flows/fault';
import { fromBase64, type Verifier, verifyDocument } from '#flows/trust/sign';
import { type Batch, ReleaseReport, Status, TapReport, Tombstone, type Upward } from '#flows/wire';
import { faults } from '../faults.ts';
import { readJson } from './read.ts';

const validEvent = Compile(Event);
const validTombstone = Compile(Tombstone);
const others = {
  'bundle-fetch': Compile(BundleFetch),
  'command-report': Compile(CommandReport),
  status: Compile(Status),
  'release-report': Compile(ReleaseReport),
  'tap-report': Compile(TapReport),
};

export type Parsed =
  | {
      readonly message: Upward;
      /** Of a batch: its events as they came, where they could be told apart without writing them anew. */
      readonly texts?: readonly string[];
      readonly problem?: never;
    }
  /** `priority` is known when a batch can be answered. */
  | { readonly problem: Problem; readonly priority?: Priority };

const malformed = (detail: string): Problem => faults.problem('ingest.malformed', { detail });
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads one payload of a box. The events of a batch are not looked into here: one bad event must not
 * take the good ones before it along (see `checkEvent`).
 */
export function parseUpward(payload: Uint8Array, box: string): Parsed {
  let value: unknown;
  let texts: readonly string[] | undefined;
  try {
    ({ value, texts } = readJson(payload, box));
  } catch (error) {
    return { problem: malformed(error instanceof Error ? error.message : String(error)) };
  }
  if (!isRecord(value)) return { problem: malformed('it is no object') };
  const priority = priorities.find((name) => name === value.priority);
  if (value.box !== box) {
    const problem = faults.problem('ingest.foreign', { found: String(value.box), box });
    return { problem, ...(priority && { priority }) };
  }
  if (value.kind === 'batch') {
    const wrong = batchProblem(value, priority);
    return wrong
      ? { problem: malformed(wrong), ...(priority && { priority }) }
      : { message: value as unknown as Batch, ...(texts && { texts }) };
  }
  const checker = others[value.kind as keyof typeof others];
  if (!checker) return { problem: malformed(`kind ${JSON.stringify(value.kind)} is unknown`) };
  if (checker.Check(value)) return { message: value };
  const first = checker.Errors(value)[0];
  return { problem: malformed(`${value.kind}${first?.instancePath}: ${first?.message}`) };
}

function batchProblem(value: Record<string, unknown>, priority: Priority | undefined): string | undefined {
  if (!priority) return `priority ${JSON.stringify(value.priority)} is unknown`;
  if (typeof value.signature !== 'string') return 'the batch is not signed';
  if (!Array.isArray(value.events) || !Array.isArray(value.tombstones))
    return 'events and tombstones must be lists';
  const known = ['kind', 'box', 'priority', 'events', 'tombstones', 'signature'];
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  return unknown === undefined ? undefined : `field ${unknown} is unknown`;
}

/**
 * Whether the box's key made the signature. A box that writes its batch in canonical form signs the very
 * bytes that came, less the signature: then they need not be made again from the document.
 */
export function signatureProblem(batch: Batch, payload: Uint8Array, by: Verifier): Problem | undefined {
  const signature = fromBase64(batch.signature);
  if (signature && verifiesAsSent(batch.signature, signature, payload, by)) return undefined;
  try {
    if (verifyDocument(batch, by)) return undefined;
  } catch (error) {
    return malformed(error instanceof Error ? error.message : String(error)); // JSON with no canonical form
  }
  return faults.problem('ingest.signature', { box: batch.box });
}

function verifiesAsSent(text: string, signature: Uint8Array, payload: Uint8Array, by: Verifier): boolean {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  const member = Buffer.from(`,"signature":"${text}"`);
  const at = bytes.lastIndexOf(member);
  if (at < 0) return false;
  return by.verify(signature, Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + member.length)]));
}

/** What is wrong with one event of a batch. */
export function checkEvent(event: unknown, batch: Pick<Batch, 'box' | 'priority'>): Problem | undefined {
  const sequence = isRecord(event) ? String(event.sequence) : '?';
  const wrong = (detail: string) => faults.problem('ingest.event', { sequence, detail });
  if (!validEvent.Check(event)) {
    const first = validEvent.Errors(event)[0];
    return wrong(`${first?.instancePath}: ${first?.message}`);
  }
  if (event.box !== batch.box) return wrong(`it names box ${event.box}`);
  if (event.priority !== batch.priority) return wrong(`its priority is ${event.priority}`);
  if (event.id !== eventId(event.box, event.sequence)) return wrong(`its id is ${event.id}`);
  if (Number.isNaN(Date.parse(event.time))) return wrong(`${event.time} is no time`);
  return undefined;
}

export function checkTombstone(tombstone: unknown, batch: Pick<Batch, 'priority'>): Problem | undefined {
  const sequence = isRecord(tombstone) ? String(tombstone.from) : '?';
  const wrong = (detail: string) =>
    faults.problem('ingest.event', { sequence, detail: `tombstone: ${detail}` });
  if (!validTombstone.Check(tombstone)) {
    const first = validTombstone.Errors(tombstone)[0];
    return wrong(`${first?.instancePath}: ${first?.message}`);
  }
  if (tombstone.priority !== batch.priority) return wrong(`its priority is ${tombstone.priority}`);
  if (tombstone.from < 1 || tombstone.to < tombstone.from) return wrong('its range is empty');
  return undefined;
}
