import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import { checkedTo } from './checksum.ts';

/** What a multiplexer says of a sentence (NMEA 0183 4.0 tag block, as gpsd and IEC 61162-450 users describe it). */
export interface Tag {
  /** When it was received, epoch ms (`c`). */
  readonly timeMs?: number;
  /** Station that received it (`s`). */
  readonly source?: string;
  /** Sentences that belong together (`g`): which, of how many, and the group's number. */
  readonly group?: { readonly index: number; readonly total: number; readonly id: string };
  /** Line number (`n`) and text (`t`). */
  readonly line?: number;
  readonly text?: string;
}

/** Seconds or milliseconds since 1970: seconds have ten digits until the year 2286. */
function timeOf(value: string): number | undefined {
  if (!/^\d{9,13}$/.test(value)) return undefined;
  return value.length > 10 ? Number(value) : Number(value) * 1000;
}

/** Reads `\fields*hh`, without the closing backslash; its checksum must be right. */
export function readTag(bytes: Uint8Array): Tag | Problem {
  const end = checkedTo(bytes, 1, bytes.length);
  if (typeof end !== 'number')
    return faults.problem('ais.tag', { detail: 'its checksum is wrong or missing' });
  const tag: { -readonly [K in keyof Tag]: Tag[K] } = {};
  for (const field of Buffer.from(bytes.subarray(1, end)).toString('latin1').split(',')) {
    const value = field.slice(2);
    if (field[1] !== ':' || value === '') continue; // codes of later standards may look otherwise
    if (field[0] === 'c') {
      const timeMs = timeOf(value);
      if (timeMs === undefined) return faults.problem('ais.tag', { detail: 'its time is none' });
      tag.timeMs = timeMs;
    } else if (field[0] === 's') tag.source = value.slice(0, 15);
    else if (field[0] === 'g') {
      const [, index, total, id] = /^(\d{1,2})-(\d{1,2})-(\w{1,8})$/.exec(value) ?? [];
      if (id === undefined || Number(index) < 1 || Number(index) > Number(total))
        return faults.problem('ais.tag', { detail: 'its group is none' });
      tag.group = { index: Number(index), total: Number(total), id };
    } else if (field[0] === 'n' && /^\d{1,9}$/.test(value)) tag.line = Number(value);
    else if (field[0] === 't') tag.text = value;
  }
  return tag;
}
