import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Event } from '#flows/event';
import { ScanCompleted, ScanEvicted, ScanStarted, ScanVerdict } from '#flows/scan-events';
import type { ScanVerdictRecord } from './store.ts';

/** What one event says of a scan. */
export type ScanWord =
  | { readonly kind: 'started'; readonly data: ScanStarted }
  | { readonly kind: 'completed'; readonly data: ScanCompleted }
  | { readonly kind: 'evicted'; readonly data: ScanEvicted }
  | { readonly kind: 'verdict'; readonly data: ScanVerdict };

/** Longer identities and larger pictures are not kept: a box does not decide how much a hub holds. */
const maxScanLength = 200;
const maxThumbnailLength = 40_000;

const checked = <T extends TSchema>(schema: T) => {
  let check: ((value: unknown) => boolean) | undefined;
  return (value: unknown): value is Static<T> => {
    check ??= (
      (compiled) => (data: unknown) =>
        compiled.Check(data)
    )(Compile(schema));
    return check(value);
  };
};
const isStarted = checked(ScanStarted);
const isCompleted = checked(ScanCompleted);
const isEvicted = checked(ScanEvicted);
const isVerdict = checked(ScanVerdict);

/** Undefined: it says nothing of a scan, or nothing that can be used. */
export function scanWordOf({ type, data }: Event): ScanWord | undefined {
  if (!type.startsWith('quaywatch.scan.') || data.retracted === true) return undefined;
  if (typeof data.scan !== 'string' || data.scan === '' || data.scan.length > maxScanLength) return undefined;
  if (type === 'quaywatch.scan.started') return isStarted(data) ? { kind: 'started', data } : undefined;
  if (type === 'quaywatch.scan.completed') return isCompleted(data) ? { kind: 'completed', data } : undefined;
  if (type === 'quaywatch.scan.evicted') return isEvicted(data) ? { kind: 'evicted', data } : undefined;
  if (type === 'quaywatch.scan.verdict') return isVerdict(data) ? { kind: 'verdict', data } : undefined;
  return undefined;
}

/** The picture of a scan, decoded; undefined when there is none that may be shown. */
export function thumbnailOf({ thumbnail }: ScanCompleted): { type: string; bytes: Buffer } | undefined {
  if (!thumbnail || thumbnail.data.length > maxThumbnailLength) return undefined;
  if (thumbnail.type !== 'image/webp' && thumbnail.type !== 'image/png') return undefined;
  return { type: thumbnail.type, bytes: Buffer.from(thumbnail.data, 'base64') };
}

/** The verdict with what leads back to its flow. */
export function verdictRecord(event: Event, data: ScanVerdict): ScanVerdictRecord {
  const flow = /^\/boxes\/[^/]+\/flows\/([^/]+)\//.exec(event.source)?.[1];
  const { subject, time, sequence, flowhash } = event;
  const known = subject !== undefined && subject !== data.scan ? { subject } : {};
  return { ...data, ...known, time, sequence, flowHash: flowhash, ...(flow !== undefined && { flow }) };
}
