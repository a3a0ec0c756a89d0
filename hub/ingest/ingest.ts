import { type Emission, type Event, type Priority, priorities } from '#flows/event';
import type { Problem } from '#flows/fault';
import type { Verifier } from '#flows/trust/sign';
import { type Acknowledgement, type Batch, batchName, type Tombstone, type Upward } from '#flows/wire';
import type { StoredEvent } from '../api/types.ts';
import { faults } from '../faults.ts';
import type { Metrics } from '../metrics.ts';
import type { Append, Appended, Item, Store } from '../store/store.ts';
import { follow } from './chain.ts';
import { parseUpward, signatureProblem } from './check.ts';
import { withoutFormer } from './former.ts';
import { unpack } from './unpack.ts';
import { type Conclusion, createVoice, mourning } from './voice.ts';

export interface IngestOptions {
  readonly store: Store;
  readonly metrics: Metrics;
  readonly now: () => number;
  /** A box that may send; undefined: it is unknown or revoked. */
  readonly sender: (box: string) => { readonly site: string; readonly verifier: Verifier } | undefined;
  readonly acknowledge: (box: string, acknowledgement: Acknowledgement) => void;
  /** Events of one box and priority, in order, after they are on disk. */
  readonly onStored: (events: readonly StoredEvent[]) => void;
  readonly onMessage: (message: Exclude<Upward, Batch>) => void;
  readonly onRefused: (box: string, problem: Problem) => void;
  readonly onFailure: (error: unknown) => void;
  /** Other hubs write to the same store. */
  readonly shared?: boolean;
  /** What this hub is called among the boxes. */
  readonly hub?: string;
  /** Longest wait of a batch for others to share its fsync, ms. */
  readonly groupMs?: number;
}

/** Above this much in memory the links of the senders are not read on. */
const highWaterBytes = 8_000_000;

interface Job {
  readonly batch: Batch;
  readonly texts: readonly string[] | undefined;
  readonly done: (stored: boolean) => void;
}

interface Group {
  readonly box: string;
  readonly site: string;
  readonly priority: Priority;
  readonly items: Item[];
  grave: Tombstone | undefined;
  /** Watermark that it follows. */
  readonly after: number;
  upto: number;
  problem?: Problem;
  /** Names of the batches that it answers. */
  readonly answers: string[];
}

/**
 * Takes in what boxes send: checks it, and stores many batches with one commit and one fsync; each box
 * hears of it after that, screens later still. Everything here is idempotent: what comes again is
 * recognised by (box, sequence), also after a restart at any point.
 */
export async function createIngest(options: IngestOptions) {
  const { store, metrics, now } = options;
  const watermarks = new Map<string, number>();
  /** Tombstones that a watermark stands on. */
  const graves = new Map<string, Tombstone>();
  const key = (box: string, priority: Priority) => `${box} ${priority}`;
  async function readChains(): Promise<void> {
    for (const { box, priority, upto } of await store.records.watermarks()) {
      const name = key(box, priority);
      if ((watermarks.get(name) ?? 0) >= upto) continue;
      watermarks.set(name, upto);
      graves.delete(name);
      for (const tombstone of await store.records.tombstones(box))
        if (tombstone.priority === priority && tombstone.to === upto) graves.set(name, tombstone);
    }
  }
  await readChains();
  /** Conflicts that were raised. */
  const conflicts = new Set<string>();
  const voice = createVoice(watermarks, options.hub);
  /** Conclusions of the hub's flows that are to be stored, and whom to tell. */
  const concluding = new Map<Conclusion, (stored: boolean) => void>();
  let pending: Job[] = [];
  let pendingBytes = 0;
  let latest: Promise<boolean> | undefined;
  let running: Promise<void> | undefined;

  function refuse(box: string, problem: Problem, priority?: Priority, answers?: readonly string[]): void {
    metrics.refused.inc({ code: problem.code });
    options.onRefused(box, problem);
    if (!priority) return;
    const { code, message } = problem;
    const upto = watermarks.get(key(box, priority)) ?? 0;
    options.acknowledge(box, {
      kind: 'acknowledgement',
      priority,
      upto,
      refused: { code, message },
      ...(answers && { answers: [...answers] }),
    });
  }

  async function differs(group: Group, repeated: readonly Event[]): Promise<Problem | undefined> {
    const sequence = await store.records.different(group.box, repeated);
    return sequence === undefined ? undefined : conflict(group, sequence);
  }

  function conflict({ box, site }: Group, sequence: number): Problem {
    const problem = faults.problem('sequence.conflict', { sequence, box });
    if (conflicts.has(`${box}:${sequence}`)) return problem; // it comes again until the box gives in
    if (conflicts.size >= 10_000) conflicts.clear();
    conflicts.add(`${box}:${sequence}`);
    voice.say(site, {
      priority: 'alarm',
      type: 'quaywatch.sequence.conflict',
      subject: box,
      time: new Date(now()).toISOString(),
      data: { box, sequence },
      stage: 'ingest',
    });
    return problem;
  }

  async function gather(jobs: readonly Job[]): Promise<Map<string, Group>> {
    const groups = new Map<string, Group>();
    for (const { batch, texts } of jobs) {
      const { box, priority } = batch;
      const name = key(box, priority);
      const sender = options.sender(box);
      if (!sender) continue; // revoked while it waited
      const group: Group = groups.get(name) ?? {
        box,
        site: sender.site,
        priority,
        items: [],
        grave: graves.get(name),
        after: watermarks.get(name) ?? 0,
        upto: watermarks.get(name) ?? 0,
        answers: [],
      };
      groups.set(name, group);
      group.answers.push(batchName(batch.signature));
      const { fresh: found, repeated, problem } = follow(batch, group.upto, group.grave, texts);
      const fresh = await withoutFormer(found, store.records);
      metrics.repeated.inc(repeated.length);
      group.items.push(...fresh);
      const last = fresh.at(-1);
      if (last) {
        group.upto = last.event ? last.event.sequence : last.tombstone.to;
        group.grave = last.tombstone;
      }
      // What came twice within the group is not stored yet, and what came under a former id may stand there as a tombstone.
      const stored = repeated.filter(
        ({ sequence, formerid }) => sequence <= group.after && formerid === undefined,
      );
      const wrong = problem ?? (stored.length > 0 ? await differs(group, stored) : undefined);
      if (wrong) group.problem ??= wrong;
    }
    return groups;
  }

  function settle(group: Group, appended: Appended | undefined): void {
    const name = key(group.box, group.priority);
    if (appended) {
      watermarks.set(name, Math.max(appended.upto, watermarks.get(name) ?? 0));
      const grave = group.items.findLast(({ tombstone }) => tombstone?.to === appended.upto)?.tombstone;
      if (grave) graves.set(name, grave);
      else graves.delete(name);
      metrics.events.inc({ priority: group.priority }, appended.stored.length);
      if (appended.conflict !== undefined) group.problem = conflict(group, appended.conflict);
    }
    if (group.problem) {
      refuse(group.box, group.problem, group.priority, group.answers);
      return;
    }
    const upto = watermarks.get(name) ?? 0;
    options.acknowledge(group.box, {
      kind: 'acknowledgement',
      priority: group.priority,
      upto,
      answers: group.answers,
    });
  }

  /** What joins on to nothing that this hub knows may join on to what another has stored. */
  async function gatherShared(jobs: readonly Job[]): Promise<Group[]> {
    const groups = [...(await gather(jobs)).values()];
    if (!options.shared || !groups.some(({ problem }) => problem?.code === 'ingest.gap')) return groups;
    await readChains();
    return [...(await gather(jobs)).values()];
  }

  /** False: another hub has stored meanwhile what these do not follow. Nothing is stored, and all is looked at again. */
  async function commit(jobs: readonly Job[]): Promise<boolean> {
    const groups = await gatherShared(jobs);
    const written = groups.filter((group) => group.items.length > 0);
    const mourned = written.flatMap(({ box, site, items }) => mourning(box, site, items, now()));
    const own = voice.take(mourned, [...concluding.keys()]);
    const appends: Append[] = [...written, ...own.appends];
    const stop = metrics.commits.startTimer();
    const answers = appends.length > 0 ? await store.records.append(appends, now()) : [];
    stop();
    const isMoved = answers.some(({ moved }) => moved);
    for (const [conclusion, place] of own.checkpoints)
      if (!isMoved || answers[written.length + place]?.moved) conclude(conclusion, !isMoved);
    if (isMoved) {
      await readChains();
      return false;
    }
    voice.told();
    for (const group of groups) settle(group, answers[written.indexOf(group)]);
    for (const { stored } of answers) if (stored.length > 0) options.onStored(stored);
    return true;
  }

  function conclude(conclusion: Conclusion, stored: boolean): void {
    concluding.get(conclusion)?.(stored);
    concluding.delete(conclusion);
  }

  async function run(): Promise<void> {
    while (pending.length > 0 || voice.waiting() || concluding.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, options.groupMs ?? 3));
      const jobs = pending;
      pending = [];
      pendingBytes = 0;
      let done = true;
      let stored = true;
      try {
        done = await commit(jobs);
      } catch (error) {
        // Nothing was acknowledged: the boxes send it all again.
        stored = false;
        metrics.storeFailures.inc();
        options.onFailure(error);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      if (done) for (const job of jobs) job.done(stored);
      else pending = [...jobs, ...pending]; // before what came meanwhile
    }
    running = undefined;
  }

  const wake = (): void => {
    running ??= run();
  };

  return {
    /** One payload of a box. A promise asks the caller to wait with more. */
    take(box: string, sent: Uint8Array): Promise<void> | undefined {
      const unpacked = unpack(sent);
      if ('problem' in unpacked) {
        refuse(box, unpacked.problem);
        return undefined;
      }
      const { payload } = unpacked;
      const parsed = parseUpward(payload, box);
      if (parsed.problem) {
        refuse(box, parsed.problem, parsed.priority);
        return undefined;
      }
      const { message, texts } = parsed;
      if (message.kind !== 'batch') {
        options.onMessage(message);
        return undefined;
      }
      const sender = options.sender(box);
      const problem = sender
        ? signatureProblem(message, payload, sender.verifier)
        : faults.problem('link.revoked', { box });
      if (problem) {
        refuse(box, problem, message.priority);
        return undefined;
      }
      pendingBytes += payload.length;
      const stored = new Promise<boolean>((done) => {
        pending.push({ batch: message, texts, done });
      });
      latest = stored;
      wake();
      return pendingBytes > highWaterBytes ? stored.then(() => undefined) : undefined;
    },
    /** An event of the hub itself. */
    raise(site: string, emission: Emission): void {
      voice.say(site, emission);
      wake();
    },
    /** Resolves when it is stored, and with false when another hub has that part of the flow now: nothing of it is. */
    conclude(conclusion: Conclusion): Promise<boolean> {
      return new Promise((resolve) => {
        concluding.set(conclusion, resolve);
        wake();
      });
    },
    /** Watermarks of one box, as acknowledgements. */
    acknowledgements: (box: string): Acknowledgement[] =>
      priorities.map((priority) => ({
        kind: 'acknowledgement',
        priority,
        upto: watermarks.get(key(box, priority)) ?? 0,
        answers: [],
      })),
    watermarks: (box: string): Partial<Record<Priority, number>> =>
      Object.fromEntries(
        priorities.flatMap((priority) => {
          const upto = watermarks.get(key(box, priority));
          return upto === undefined ? [] : [[priority, upto]];
        }),
      ),
    /** Resolves when all that was taken until now is stored or refused; with false when the store failed: nothing of it is kept. */
    settled: (): Promise<boolean> => latest ?? Promise.resolve(true),
    /** Another hub may have stored meanwhile: what is known of the chains is read anew. */
    refresh: (): Promise<void> => readChains(),
    /** Resolves when nothing waits any more. */
    async idle(): Promise<void> {
      while (running) await running;
    },
  };
}
export type Ingest = Awaited<ReturnType<typeof createIngest>>;
