import { outage } from './outage.ts';
import { recover } from './recovery.ts';
import { machine } from './report.ts';
import { soak } from './soak.ts';

/** What one command found. */
export interface Figure {
  /** Its place in docs/reliability.md. */
  readonly name: 'chaos' | 'outage' | 'recovery' | 'soak';
  /** The last line of standard output. */
  readonly line: string;
  readonly good: boolean;
  readonly report: string;
}

interface Call {
  readonly command: string;
  readonly seed: number;
  readonly rate: number | undefined;
  readonly minutes: number | undefined;
  readonly folder: string;
  readonly log: (line: string) => void;
}

const block = (command: string, line: string) =>
  ['```', `$ ${command}`, line, '```', '', `${machine()}.`].join('\n');

/** Memory may grow by so much of what it was, and an alarm wait so long, ms. */
const flat = 1.1;
const liveMs = 1000;
/** Seconds from a kill to the next event. */
const backWithin = 3;

export async function measureOutage(call: Call): Promise<Figure> {
  const { folder, seed, log, command } = call;
  const [minutes, perSecond] = [call.minutes ?? 30, call.rate ?? 500];
  const found = await outage({ folder, minutes, perSecond, seed, log });
  for (const text of [...found.examples, ...found.wrong.slice(0, 10)]) log(text);
  const { lost, doubled, disordered, backlog, warmMb, lastMb, mostMb } = found;
  const { dialSeconds, drainSeconds, liveP50Ms, liveP99Ms, live } = found;
  const line =
    `outage ${minutes} min at ${perSecond}/s: lost ${lost}, doubled ${doubled}, disordered ${disordered}, ` +
    `backlog ${backlog}, memory ${warmMb} MB, at the end ${lastMb} MB, at most ${mostMb} MB, dialled after ${dialSeconds.toFixed(0)} s, drained in ${drainSeconds.toFixed(0)} s, ` +
    `${live} live alarms and verdicts p50 ${liveP50Ms} ms, p99 ${liveP99Ms} ms`;
  const clean = lost + doubled + disordered + found.wrong.length === 0;
  const good = clean && lastMb <= warmMb * flat && liveP99Ms < liveMs;
  return { name: 'outage', line, good, report: block(command, line) };
}

export async function measureRecovery({ folder, seed, log, command }: Call, times: number): Promise<Figure> {
  const { box, hub, medianBox, medianHub } = await recover(folder, times, seed, log);
  const worst = (list: readonly number[]) => Math.max(...list).toFixed(2);
  const line =
    `kill -9 to the next event on the hub, ${times} times each: ` +
    `box median ${medianBox.toFixed(2)} s, worst ${worst(box)} s; hub median ${medianHub.toFixed(2)} s, worst ${worst(hub)} s`;
  return { name: 'recovery', line, good: medianBox < backWithin, report: block(command, line) };
}

export async function measureSoak({ folder, log, command }: Call, messages: number): Promise<Figure> {
  const { growth, events, expected, seconds, samples } = await soak(folder, messages, log);
  const grown = Object.entries(growth).map(([name, ratio]) => `${name} x${ratio}`);
  const last = samples.at(-1);
  const line =
    `soak: ${messages} messages in ${seconds.toFixed(0)} s, ${events} events of ${expected}; ` +
    `second half over first: ${grown.join(', ')}; at the end ${last?.rssMb} MB, ${last?.handles} handles, ${last?.files} files`;
  const good = events === expected && Object.values(growth).every((ratio) => ratio <= flat);
  return { name: 'soak', line, good, report: block(command, line) };
}
