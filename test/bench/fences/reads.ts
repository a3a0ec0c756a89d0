import { seededRandom } from '../path/random.ts';

/** Numbers of four bytes in a line of a processor's cache. */
const lineWords = 16;
const reads = 1_000_000;

/**
 * Nanoseconds of processor time that a read takes whose place the read before it tells, each in a line of its own: what
 * waiting for memory costs here, now. `mebibytes` of memory, gone through in a random order (Sattolo's cycle).
 */
export function dependentReadNs(mebibytes: number): number {
  const lines = (mebibytes * 1_048_576) / (4 * lineWords);
  const next = new Uint32Array(lines * lineWords);
  const order = Uint32Array.from({ length: lines }, (_, line) => line);
  const random = seededRandom(5);
  for (let i = lines - 1; i > 0; i--) {
    const other = Math.floor(random() * i);
    const line = order[i] as number;
    order[i] = order[other] as number;
    order[other] = line;
  }
  for (let line = 0; line < lines; line++) next[line * lineWords] = (order[line] as number) * lineWords;
  const walk = (count: number) => {
    let at = 0;
    for (let i = 0; i < count; i++) at = next[at] as number;
    return at;
  };
  walk(10_000);
  const begin = process.cpuUsage();
  const end = walk(reads);
  const { user, system } = process.cpuUsage(begin);
  if (end % lineWords !== 0) throw new Error('the walk left its lines');
  return ((user + system) * 1000) / reads;
}
