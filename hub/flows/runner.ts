import type { FlowDocument } from '#flows/flow';
import { flowHash } from '#flows/flow';
import type { Resources } from '#flows/stage';
import { canonical } from '#flows/trust/canonical';
import type { Conclusion } from '../ingest/voice.ts';
import type { FlowStateStore, RecordStore } from '../store/store.ts';
import { HubFlow, partCount } from './flow.ts';
import type { Part } from './part.ts';

/** What is to run: documents, and the fence sets that they name. */
export interface FlowSet {
  readonly flows: readonly FlowDocument[];
  readonly fenceSets: Readonly<Record<string, unknown>>;
}

export interface FlowRunnerOptions {
  readonly records: Pick<RecordStore, 'after'>;
  readonly store: FlowStateStore;
  readonly now: () => number;
  /** What runs now, as it was released last. */
  readonly wanted: () => Promise<FlowSet>;
  /** Parts of every flow that are this hub's at the moment. */
  readonly owned: () => ReadonlySet<number>;
  /** As `Ingest.conclude`. */
  readonly conclude: (conclusion: Conclusion) => Promise<boolean>;
  /** Events of other hubs may be stored with a time up to so much in the past, ms. */
  readonly slackMs: number;
  /** How often to look where nobody tells that there is something new, ms. */
  readonly pollMs: number;
  readonly onFailure: (error: unknown) => void;
}

const atOnce = 500;
const retryMs = 1000;

/**
 * Runs the hub's flows over what is stored: reads on in the order of the store, gives each event to the parts it belongs
 * to, and stores what they conclude with their state and place. Between two steps everything is on disk; a step that
 * could not be stored, since another hub has the part, is forgotten with the part.
 */
export function createFlowRunner(options: FlowRunnerOptions) {
  const { records, store, now } = options;
  let flows = new Map<string, HubFlow>();
  let fenceSets = canonical({});
  let cursor = 0;
  let wanted = false;
  let closed = false;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** Brings what runs in line with what is released, and with what is this hub's. */
  async function arrange(): Promise<void> {
    const set = await options.wanted();
    const sets = canonical(set.fenceSets);
    const resources: Resources = { fenceSet: (name) => set.fenceSets[name] };
    const owned = options.owned();
    const next = new Map<string, HubFlow>();
    for (const document of set.flows) {
      const before = flows.get(document.id);
      const isSame = before?.hash === flowHash(document) && sets === fenceSets;
      const flow = isSame ? before : new HubFlow(document, resources);
      if (before && !isSame) flow.takeOver(before);
      else if (!before) await store.begin(document.id, partCount, 'now');
      await flow.load(store, owned);
      next.set(document.id, flow);
    }
    for (const [id, flow] of flows) {
      if (next.has(id)) continue;
      for (const part of flow.parts) part.stop();
    }
    flows = next;
    fenceSets = sets;
    const positions = [...flows.values()].flatMap(({ position }) =>
      position === undefined ? [] : [position],
    );
    cursor = positions.length === 0 ? cursor : Math.min(...positions);
  }

  /** True when there may be more. */
  async function step(): Promise<boolean> {
    await arrange();
    const until = now() - options.slackMs;
    if (flows.size === 0) return false;
    const events = await records.after(cursor, atOnce);
    for (const stored of events) for (const flow of flows.values()) flow.take(stored);
    const last = events.at(-1)?.position;
    if (last !== undefined) for (const flow of flows.values()) flow.pass(last);
    if (events.length < atOnce) for (const part of allParts()) part.rest(until);
    await settle();
    return events.length === atOnce;
  }

  const allParts = (): Part[] => [...flows.values()].flatMap(({ parts }) => parts);

  async function settle(): Promise<void> {
    const waits: Promise<void>[] = [];
    for (const flow of flows.values())
      for (const part of flow.parts) {
        const conclusion = part.conclude();
        if (!conclusion) continue;
        const stored = options.conclude(conclusion).then((isStored) => {
          if (!isStored) flow.drop(part.place.part);
        });
        waits.push(stored);
      }
    await Promise.all(waits);
  }

  async function run(): Promise<void> {
    let wait = options.pollMs;
    try {
      while (wanted && !closed) {
        wanted = false;
        while (!closed && (await step()));
      }
      const due = allParts().flatMap(({ nextDue }) => (nextDue === undefined ? [] : [nextDue]));
      wait = Math.min(wait, Math.max(1, Math.min(...due) + options.slackMs - now() + 1));
    } catch (error) {
      options.onFailure(error);
      wait = retryMs;
      // What is in memory may be ahead of what is stored: all of it is read anew.
      for (const flow of flows.values()) for (const part of flow.parts) part.stop();
      flows = new Map();
    } finally {
      running = undefined;
    }
    if (!closed) timer = setTimeout(poke, wait);
  }

  function poke(): void {
    wanted = true;
    clearTimeout(timer);
    if (!closed) running ??= run();
  }

  return {
    /** There is something new in the records, in the release, or in what is owned. */
    poke,
    status: () => [...flows.values()].map((flow) => flow.status()),
    /** Resolves when nothing is left to do at the moment. */
    async idle(): Promise<void> {
      while (running) await running;
    },
    async close(): Promise<void> {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
export type FlowRunner = ReturnType<typeof createFlowRunner>;
