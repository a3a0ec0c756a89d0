import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Event } from '#flows/event';
import type { FlowDocument } from '#flows/flow';
import { readFlow } from '#flows/parse';
import { stages } from '#flows/registry';
import { runFlow } from '#flows/run/run';
import { createIngest } from '../ingest/ingest.ts';
import { createMetrics } from '../metrics.ts';
import { base, events as items, sampleEvent } from '../store/conformance/samples.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { partCount } from './flow.ts';
import { createFlowRunner, type FlowSet } from './runner.ts';

let folder: string;
let count = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quaywatch-flows-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function flow(by?: string, version = 1): FlowDocument {
  const parts = by === undefined ? {} : { by };
  const read = readFlow({
    id: 'gate-to-yard',
    version,
    nodes: [
      { id: 'fences', driver: 'events', config: { types: ['quaywatch.fence.*'], ...parts } },
      {
        id: 'gates',
        driver: 'events',
        config: { types: ['quaywatch.passage.observed'], ...(by && { by: 'm.object' }) },
      },
      {
        id: 'way',
        stage: 'control',
        config: {
          plan: 'gate-to-yard',
          latenessSeconds: 30,
          steps: [
            { id: 'gate', point: 'gate-1' },
            { id: 'road', enter: 'road', minSeconds: 5, maxSeconds: 20 },
            { id: 'yard', enter: 'yard', minSeconds: 10, maxSeconds: 40 },
          ],
        },
      },
      { id: 'out', stage: 'emit', config: { priority: 'alarm' } },
    ],
    wires: [
      { from: 'fences', to: 'way' },
      { from: 'gates', to: 'way' },
      { from: 'way', to: 'out' },
    ],
  });
  if (!('document' in read)) throw new Error(JSON.stringify(read.problems));
  return read.document;
}

/** What decides whether two runs concluded the same. */
const gist = ({ type, subject, time, data, priority }: Event) => ({ type, subject, time, data, priority });

/** Names of events as places in the list, so that two runs with different numbers compare. */
function comparable(list: readonly Event[]) {
  const places = new Map(list.map(({ id }, place) => [id, place]));
  return list.map((event) => ({
    ...gist(event),
    ...(event.supersedes !== undefined && { supersedes: places.get(event.supersedes) }),
  }));
}

/** A hub as far as flows go: a store, an ingest and a runner, with a clock that the test turns. */
class World {
  readonly file = join(folder, `${++count}.sqlite`);
  nowMs = base;
  set: FlowSet;
  failing = false;
  #store: Store;
  #close: () => Promise<void> = async () => undefined;
  #runner: ReturnType<typeof createFlowRunner> | undefined;
  #sequence = 0;

  constructor(document: FlowDocument) {
    this.set = { flows: [document], fenceSets: {} };
    this.#store = openSqliteStore(this.file);
  }

  async start(): Promise<void> {
    const store = this.#store;
    const append: Store['records']['append'] = (...args) =>
      this.failing ? Promise.reject(new Error('disk full')) : store.records.append(...args);
    const ingest = await createIngest({
      store: { ...store, records: { ...store.records, append } },
      metrics: createMetrics(),
      now: () => this.nowMs,
      groupMs: 0,
      sender: () => undefined,
      acknowledge: () => undefined,
      onStored: () => runner.poke(),
      onMessage: () => undefined,
      onRefused: () => undefined,
      onFailure: () => undefined,
    });
    const runner = createFlowRunner({
      records: store.records,
      store: store.flows,
      now: () => this.nowMs,
      wanted: async () => this.set,
      owned: () => new Set(Array.from({ length: partCount }, (_, part) => part)),
      conclude: ingest.conclude,
      slackMs: 0,
      pollMs: 60_000,
      onFailure: (error) => {
        throw error;
      },
    });
    this.#runner = runner;
    this.#close = async () => {
      await runner.close();
      await ingest.idle();
    };
    await this.settle();
  }

  async settle(): Promise<void> {
    this.#runner?.poke();
    await this.#runner?.idle();
  }

  /** All that is in memory is gone. */
  async crash(): Promise<void> {
    await this.#close();
    await this.#store.close();
    this.#store = openSqliteStore(this.file);
    await this.start();
  }

  async stop(): Promise<void> {
    await this.#close();
    await this.#store.close();
  }

  async append(type: string, subject: string, seconds: number, data: Record<string, unknown>): Promise<void> {
    this.#sequence += 1;
    const event = sampleEvent('b-1', this.#sequence, { type, subject, seconds, data, priority: 'verdict' });
    await this.#store.records.append(
      [{ box: 'b-1', site: 'quay', priority: 'verdict', items: items({ ...event, site: 'quay' }) }],
      this.nowMs,
    );
  }

  status = () => this.#runner?.status() ?? [];

  async stored() {
    return this.#store.records.after(0, 100_000);
  }

  /** What the flow concluded here. */
  async concluded(): Promise<Event[]> {
    return (await this.stored()).map(({ event }) => event).filter(({ box }) => box === 'hub-1');
  }

  /** What one run without interruption concludes from the same stored events. */
  async expected(document: FlowDocument, hold = true): Promise<Event[]> {
    const lines = (await this.stored()).map((stored) => JSON.stringify(stored));
    const list: Event[] = [];
    for await (const event of runFlow({ document, stages, lines, hold })) list.push(event);
    return list;
  }
}

type Step =
  | {
      readonly do: 'see';
      readonly truck: number;
      readonly where: 'gate' | 'road' | 'yard';
      readonly late: number;
    }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'settle' }
  | { readonly do: 'crash' };

const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('see' as const),
        truck: fc.nat(3),
        where: fc.constantFrom('gate' as const, 'road' as const, 'yard' as const),
        late: fc.constantFrom(0, 0, 0, 4, 12),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 4, 15, 50) }),
    },
    { weight: 3, arbitrary: fc.constantFrom({ do: 'settle' as const }, { do: 'crash' as const }) },
  ),
  { maxLength: 40 },
);

async function play(world: World, list: readonly Step[]): Promise<void> {
  for (const step of list) {
    if (step.do === 'wait') world.nowMs += step.seconds * 1000;
    else if (step.do === 'settle') await world.settle();
    else if (step.do === 'crash') await world.crash();
    else {
      const seconds = (world.nowMs - base) / 1000 - step.late;
      const truck = `truck-${step.truck}`;
      if (step.where === 'gate')
        await world.append('quaywatch.passage.observed', 'camera', seconds, {
          object: truck,
          point: 'gate-1',
          confidence: 1,
          quality: 'good',
          attributes: {},
        });
      else await world.append('quaywatch.fence.enter', truck, seconds, { fence: step.where });
    }
  }
  await world.settle();
}

describe('a flow of the hub concludes what one run on the stored events would', () => {
  test.each([
    ['in one part', undefined],
    ['parted by object', 'm.subject'],
  ])('%s, however often it is stopped', { timeout: 120_000 }, async (_, by) => {
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const world = new World(flow(by));
        await world.start();
        await play(world, list);
        const [found, wanted] = [await world.concluded(), await world.expected(flow(by))];
        // The hub's clock went on after the last event: timers of the run that lie ahead may have come about.
        const ended = await world.expected(flow(by), false);
        const texts = (events: readonly Event[]) => events.map((event) => JSON.stringify(gist(event)));
        const rest = texts(found);
        for (const text of texts(wanted)) {
          const at = rest.indexOf(text);
          expect(at, text).toBeGreaterThanOrEqual(0);
          rest.splice(at, 1);
        }
        expect(rest.filter((text) => !text.includes('.overdue'))).toEqual([]);
        expect(texts(ended)).toEqual(expect.arrayContaining(rest));
        if (by === undefined) expect(comparable(found.slice(0, wanted.length))).toEqual(comparable(wanted));
        expect(found.map(({ sequence }) => sequence)).toEqual(found.map((_, n) => n + 1));
        await world.stop();
      }),
      { numRuns: 15 },
    );
  });
});

describe('a flow that is changed while it runs', () => {
  const pass = (world: World, seconds: number) =>
    world.append('quaywatch.passage.observed', 'camera', seconds, {
      object: 't',
      point: 'gate-1',
      confidence: 1,
      quality: 'good',
      attributes: {},
    });

  test('goes on from its state, and says under which document', async () => {
    const world = new World(flow());
    await world.start();
    await pass(world, 0);
    await world.settle();
    world.set = { flows: [flow(undefined, 2)], fenceSets: {} };
    world.nowMs += 10_000;
    await world.append('quaywatch.fence.enter', 't', 10, { fence: 'road' });
    await world.crash();
    world.nowMs += 20_000;
    await world.append('quaywatch.fence.enter', 't', 30, { fence: 'yard' });
    await world.settle();
    const concluded = await world.concluded();
    expect(concluded.map(({ type, data }) => [type, data.step])).toEqual([
      ['quaywatch.control.step', 'gate'],
      ['quaywatch.control.step', 'road'],
      ['quaywatch.control.step', 'yard'],
      ['quaywatch.control.completed', 'yard'],
    ]);
    expect(new Set(concluded.map(({ flowhash }) => flowhash)).size).toBe(2);
    expect(concluded.map(({ site }) => site)).toEqual(['quay', 'quay', 'quay', 'quay']);
    await world.stop();
  });

  test('is not fed with what flows of the hub conclude', async () => {
    const read = readFlow({
      id: 'echo',
      version: 1,
      nodes: [
        { id: 'all', driver: 'events', config: { types: ['quaywatch.*'] } },
        { id: 'out', stage: 'emit', config: { type: 'quaywatch.echo.said' } },
      ],
      wires: [{ from: 'all', to: 'out' }],
    });
    if (!('document' in read)) throw new Error('it is a flow');
    const world = new World(read.document);
    await world.start();
    await world.append('quaywatch.fence.enter', 't', 10, { fence: 'road' });
    await world.settle();
    await world.settle();
    expect((await world.concluded()).map(({ type }) => type)).toEqual(['quaywatch.echo.said']);
    await world.stop();
  });

  test('waits while nothing can be stored, and concludes all of it once afterwards', async () => {
    const world = new World(flow());
    await world.start();
    await pass(world, 0);
    world.failing = true;
    const settled = world.settle();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await world.concluded()).toEqual([]);
    world.failing = false;
    await settled;
    expect((await world.concluded()).map(({ data }) => data.step)).toEqual(['gate']);
    await world.stop();
  });
});
