import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in ticks of 1/100 s for every program it shows it to. */
const tickMs = 10;

interface Stat {
  readonly parent: number;
  readonly cpuMs: number;
}

/** The figures of `/proc/PID/stat`: own time, and that of children that ended and were waited for. */
export function parseStat(text: string): Stat {
  // The name, in brackets, may hold anything; the fields are counted from behind it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
  return { parent: Number(fields[1]), cpuMs: ticks * tickMs };
}

function readStat(pid: number | string): Stat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined; // It ended between the listing and the reading.
  }
}

/** A process and all below it that live. */
function tree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = readStat(name)?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const all = [pid];
  for (let i = 0; i < all.length; i += 1) all.push(...(children.get(all[i] as number) ?? []));
  return all;
}

/** CPU time so far, user and system, of a process, its threads and its children, ms. */
export const cpuMs = (pid: number) => tree(pid).reduce((sum, each) => sum + (readStat(each)?.cpuMs ?? 0), 0);

/** Resident memory of a process and its children, bytes; pages that they share count once for each. */
export function rssBytes(pid: number): number {
  let sum = 0;
  for (const each of tree(pid)) {
    try {
      const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${each}/status`, 'utf8'))?.[1];
      sum += Number(kib ?? 0) * 1024;
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return sum;
}
