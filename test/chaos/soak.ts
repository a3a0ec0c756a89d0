import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Outbox } from '#edge/outbox/outbox';
import { BoxClock } from '#edge/runner/clock';
import { FlowRunner } from '#edge/runner/flow-runner';
import { GroupCommit } from '#edge/runner/group';
import { type Event, priorities } from '#flows/event';
import { readFlow } from '#flows/parse';

/** What a soak looks at, again and again. */
interface Sample {
  readonly messages: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly handles: number;
  readonly files: number;
  readonly diskMb: number;
}

export interface SoakResult {
  readonly samples: readonly Sample[];
  readonly messages: number;
  readonly seconds: number;
  /** Events that went to the hub, and that were expected. */
  readonly events: number;
  readonly expected: number;
  /** Largest of the second half over the largest of the first, after a warm-up. */
  readonly growth: Readonly<Record<'rssMb' | 'heapMb' | 'handles' | 'files' | 'diskMb', number>>;
}

const devices = 500;
/** Messages in one group, and between two looks at the event loop. */
const batch = 500;
/** Of the box's time that passes with each message, ms: a week for ten million. */
const stepMs = 60;
const looks = 40;

const document = {
  id: 'soak',
  version: 1,
  nodes: [
    { id: 'in', driver: 'mqtt-json', config: { topic: 'soak/#' } },
    {
      id: 'once',
      stage: 'dedupe',
      config: { key: ['device', 'value'], withinSeconds: 600, maxKeys: 20_000 },
    },
    {
      id: 'minutes',
      stage: 'window',
      config: {
        sizeSeconds: 60,
        aggregates: { count: { fn: 'count' }, mean: { fn: 'mean', value: 'm.value' } },
      },
    },
    { id: 'all', stage: 'emit', config: { priority: 'telemetry' } },
    { id: 'windows', stage: 'emit', config: { priority: 'verdict' } },
  ],
  wires: [
    { from: 'in', to: 'once' },
    { from: 'once', to: 'minutes' },
    { from: 'once', to: 'all' },
    { from: 'minutes', to: 'windows' },
  ],
};

/**
 * The heart of a box for a long time in a short one: a flow with memory and timers, its state and events committed in
 * groups to a real outbox, each group sent and acknowledged as the uplink does. Time is the soak's own.
 */
export async function soak(
  folder: string,
  messages: number,
  log: (line: string) => void,
): Promise<SoakResult> {
  mkdirSync(folder, { recursive: true });
  let now = Date.UTC(2026, 0, 1);
  const clock = new BoxClock({ wall: () => now, monotonic: () => now });
  const outbox = new Outbox({
    folder,
    origin: { box: 'soak', site: 's' },
    maxBytes: 50_000_000,
    now: () => now,
  });
  const group = new GroupCommit({
    outbox,
    clock,
    groupMs: 1000,
    groupMessages: 1_000_000,
    onBlocked: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  const read = readFlow(document);
  if (!('document' in read)) throw new Error(JSON.stringify(read));
  const world = { clock, group, resources: {}, credit: () => undefined, heard: () => undefined };
  const runner = new FlowRunner(read.document, world);
  const began = performance.now();
  const samples: Sample[] = [];
  let telemetry = 0;
  let last = 0;
  let answered = 0;
  const answer = () => {
    answered += 1;
  };
  for (let sent = 0; sent < messages; ) {
    const end = Math.min(messages, sent + batch);
    for (; sent < end; sent++) {
      now += stepMs;
      const time = new Date(now).toISOString();
      runner.take(
        'in',
        {
          kind: 'reading',
          device: `d-${sent % devices}`,
          time,
          received: time,
          quality: 'good',
          attributes: {},
          name: 'soak',
          value: sent,
          unit: '1',
        },
        answer,
      );
    }
    runner.catchUp();
    await new Promise((resolve) => setImmediate(resolve));
    if (!group.commit()) throw new Error(`The group could not be written: ${group.problem?.message ?? '?'}`);
    for (const priority of priorities) {
      for (;;) {
        const portion = outbox.read(priority, outbox.acknowledged(priority), 500, 256_000);
        if (portion.events.length === 0) break;
        for (const text of portion.events) {
          const { sequence, type } = JSON.parse(text) as Event;
          if (priority === 'telemetry' && type === 'quaywatch.reading.observed') telemetry += 1;
          last = Math.max(last, sequence);
        }
        outbox.acknowledge(priority, portion.upto);
      }
    }
    outbox.settle();
    if (Math.floor((sent * looks) / messages) > samples.length) {
      samples.push(look(folder, sent));
      const { rssMb, heapMb, handles, files, diskMb } = samples.at(-1) as Sample;
      log(
        `${sent} messages: ${rssMb} MB, heap ${heapMb} MB, ${handles} handles, ${files} files, ${diskMb} MB on disk`,
      );
    }
  }
  runner.stop();
  group.close();
  outbox.close();
  if (answered !== messages) throw new Error(`${messages - answered} messages were not answered.`);
  return {
    samples,
    messages,
    seconds: (performance.now() - began) / 1000,
    events: telemetry,
    expected: messages,
    growth: growthOf(samples),
  };
}

function look(folder: string, messages: number): Sample {
  (globalThis as { gc?: () => void }).gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const names = readdirSync(folder);
  const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  const mb = (value: number) => Math.round(value / 1e5) / 10;
  const handles = readdirSync('/proc/self/fd').length;
  return { messages, rssMb: mb(rss), heapMb: mb(heapUsed), handles, files: names.length, diskMb: mb(bytes) };
}

/** The first quarter warms up: caches fill, windows and keys come to their number. */
function growthOf(samples: readonly Sample[]): SoakResult['growth'] {
  const warm = samples.slice(Math.floor(samples.length / 4));
  const half = Math.floor(warm.length / 2);
  const of = (name: 'rssMb' | 'heapMb' | 'handles' | 'files' | 'diskMb') => {
    const most = (list: readonly Sample[]) => Math.max(...list.map((sample) => sample[name]));
    return Math.round((most(warm.slice(half)) / most(warm.slice(0, half))) * 1000) / 1000;
  };
  return {
    rssMb: of('rssMb'),
    heapMb: of('heapMb'),
    handles: of('handles'),
    files: of('files'),
    diskMb: of('diskMb'),
  };
}
