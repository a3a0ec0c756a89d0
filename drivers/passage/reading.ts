import { createHash } from 'node:crypto';
import { checkContainer, repairContainer } from '#flows/container-number';
import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import { faults } from '../faults.ts';
import { momentOf, numberOf } from '../osmand/report.ts';

export type Json = Readonly<Record<string, unknown>>;
export const objectOf = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined;

/** One reading as any of the forms says it. */
export interface Sighting {
  readonly object: string | undefined;
  readonly point: string | undefined;
  readonly lane?: unknown;
  /** 0 to 1. */
  readonly confidence: number | undefined;
  readonly time: unknown;
  readonly picture?: unknown;
  readonly weightKg?: unknown;
  readonly attributes: Record<string, unknown>;
}

export const wrong = (field: string, value: unknown): Problem =>
  faults.problem('passage.field', { field, value: String(value).slice(0, 60) });

/**
 * A picture by address, handle or hash. One that came inside the report is not carried on: its hash is, by which the
 * reader's own store can be asked for it.
 */
export function pictureOf(value: unknown): Json | undefined {
  if (typeof value === 'string' && /^(https?|file):/.test(value)) return { url: value.slice(0, 2000) };
  if (typeof value === 'string' && value.length > 0) return hashed(value);
  const given = objectOf(value);
  if (!given) return undefined;
  const out: Record<string, unknown> = {};
  for (const name of ['url', 'file', 'sha256', 'mediaType'])
    if (typeof given[name] === 'string') out[name] = (given[name] as string).slice(0, 2000);
  if (typeof given.offset === 'number') out.offset = given.offset;
  if (typeof given.base64 === 'string') Object.assign(out, hashed(given.base64));
  return Object.keys(out).length > 0 ? out : undefined;
}

function hashed(base64: string): Json {
  const bytes = Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64');
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

/** Messages of a sighting: the passage, and the mass where there is one; or what is wrong. */
export function messagesOf(sighting: Sighting): Message[] | Problem {
  const { point, confidence } = sighting;
  const object = sighting.object?.toUpperCase().replace(/[\s.-]+/g, '');
  if (!object) return wrong('object', sighting.object ?? 'none');
  if (point === undefined) return wrong('point', 'none');
  // Without a confidence nothing shows what the reading is worth: none is made up.
  if (confidence === undefined || !(confidence >= 0 && confidence <= 1))
    return wrong('confidence', confidence ?? 'none');
  const time = momentOf(sighting.time);
  if (time === '') return wrong('time', sighting.time);
  const lane = sighting.lane === undefined || sighting.lane === null ? undefined : String(sighting.lane);
  const container = checkContainer(object);
  // what was read stays as it was read: what it may have been is said beside it
  const mayBe = container?.ok ? [] : repairContainer(object).candidates;
  const picture = pictureOf(sighting.picture);
  const weightKg = numberOf(sighting.weightKg);
  if (weightKg !== undefined && !(weightKg >= 0 && weightKg < 1e6))
    return wrong('weightKg', sighting.weightKg);
  const common = { device: point, ...(time === undefined ? {} : { time }) };
  const attributes = {
    ...sighting.attributes,
    ...(container
      ? { container: true, checkDigit: container.ok ? (container.weak ? 'weak' : 'ok') : 'wrong' }
      : {}),
    ...(mayBe.length > 0 ? { mayBe } : {}),
    ...(picture ? { picture } : {}),
    ...(weightKg === undefined ? {} : { weightKg }),
  };
  const messages: Message[] = [
    {
      kind: 'passage',
      ...common,
      quality: container && !container.ok ? 'suspect' : 'good',
      object,
      point,
      ...(lane === undefined ? {} : { lane }),
      confidence,
      attributes,
    },
  ];
  if (weightKg !== undefined)
    messages.push({
      kind: 'reading',
      ...common,
      quality: sighting.attributes.stable === false ? 'suspect' : 'good',
      name: 'grossMass',
      value: weightKg,
      unit: 'kg',
      attributes: { object },
    });
  return messages;
}
