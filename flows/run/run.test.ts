import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '#flows/event';
import type { Problem } from '#flows/fault';
import type { FlowDocument } from '#flows/flow';
import { flowOf, testStages } from '#test/support/flow-stages';
import { at, reading } from '#test/support/messages';
import { type RunOptions, runFlow } from './run.ts';
import { mergeState, type RunSnapshot } from './snapshot.ts';

const line = (second: number, value: number, more: object = {}): string =>
  JSON.stringify({ ...reading(second, value), ...more });

async function collect(options: Omit<RunOptions, 'stages'>): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of runFlow({ stages: testStages, ...options })) events.push(event);
  return events;
}
const values = (events: readonly Event[]) => events.map(({ data }) => data.value);

describe('where lines enter', () => {
  const document = flowOf(
    { a: ['@d', { device: 'one' }], b: ['@d', { device: 'two' }], sa: 'sum', sb: 'sum', out: 'emit' },
    ['a -> sa', 'b -> sb', 'sa -> out', 'sb -> out'],
  );

  test('by node, else by device, else refused with the line', async () => {
    const lines = [
      line(0, 1, { device: 'one' }),
      line(1, 2, { device: 'two' }),
      line(2, 4, { device: 'one', node: 'b' }),
      line(3, 8, { device: 'two' }),
    ];
    expect(values(await collect({ document, lines }))).toEqual([1, 2, 4, 10]);
    for (const wrong of [{ device: 'three' }, { device: undefined }, { node: 'c' }]) {
      await expect(
        collect({ document, lines: [lines[0] as string, line(1, 1, wrong)] }),
      ).rejects.toMatchObject({
        problem: { code: 'run.entry', message: expect.stringContaining('Line 2') },
      });
    }
  });

  test('the only driver takes what it has no device for', async () => {
    const single = flowOf({ a: ['@d', { device: 'one' }], out: 'emit' }, ['a -> out']);
    expect(values(await collect({ document: single, lines: [line(0, 1, { device: 'x' })] }))).toEqual([1]);
  });
});

describe('time', () => {
  const document = flowOf({ in: '@d', late: ['delay', { seconds: 5 }], out: 'emit' }, [
    'in -> late',
    'late -> out',
  ]);
  const out = async (lines: string[], hold = false) => values(await collect({ document, lines, hold }));

  test('timers that are due fire before the next line; at the end all do', async () => {
    const lines = [line(0, 1), line(4, 2), line(9, 3), line(20, 4)];
    expect(await out(lines)).toEqual([2, 3, 4]);
    expect(await out(lines, true)).toEqual([2, 3]);
  });

  test('is received, else time, and never goes back', async () => {
    const old = { time: at(0), received: at(20), device: 'x' };
    // x is set at 20 s; r1 comes with an older time and is set at 20 s too
    expect(await out([line(0, 1, old), line(3, 2), line(24, 3, { device: 'y' })], true)).toEqual([]);
    expect(await out([line(0, 1, old), line(3, 2), line(25, 3, { device: 'y' })], true)).toEqual([1, 2]);
  });
});

describe('events', () => {
  const document = flowOf({ in: '@d', out: 'emit', alarm: ['emit', { priority: 'alarm' }] }, [
    'in -> out',
    'in -> alarm',
  ]);

  test('carry the identity of the run', async () => {
    const events = await collect({ document, lines: [line(0, 1), line(1, 2)] });
    expect(events.map(({ sequence, previous, priority }) => [sequence, previous, priority])).toEqual([
      [1, 0, 'verdict'],
      [2, 0, 'alarm'],
      [3, 1, 'verdict'],
      [4, 2, 'alarm'],
    ]);
    expect(events[0]).toMatchObject({
      specversion: '1.0',
      id: 'run:1',
      source: '/boxes/run/flows/test/out',
      box: 'run',
      site: 'run',
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
    });
    const [same] = await collect({ document, lines: [line(0, 1)] });
    const [other] = await collect({ document, lines: [line(0, 1)], seed: 9 });
    expect(same?.traceparent).toBe(events[0]?.traceparent);
    expect(other?.traceparent).not.toBe(events[0]?.traceparent);
  });
});

describe('lines that are no messages', () => {
  test('are reported by number, and the rest goes on', async () => {
    const problems: Problem[] = [];
    const document = flowOf({ in: '@d', out: 'emit' }, ['in -> out']);
    const lines = [
      '{',
      '[]',
      '',
      line(0, 1),
      line(0, 1, { kind: 'whale' }),
      line(0, 1, { value: 'much' }),
      line(0, 1, { time: '2026-02-31T25:00:00Z', received: undefined }),
      JSON.stringify({ kind: 'reading', name: 'n', unit: '1', value: 2 }),
    ];
    const onProblem = (problem: Problem) => problems.push(problem);
    expect(values(await collect({ document, lines, onProblem }))).toEqual([1, 2]);
    expect(problems.map(({ code, at: place }) => [code, place])).toEqual(
      [1, 2, 5, 6, 7].map((number) => ['run.line', `line ${number}`]),
    );
  });
});

/** Random flows of the test stages: each node but the first hangs on one before it. */
const randomFlow: fc.Arbitrary<FlowDocument> = fc
  .array(
    fc.record({
      type: fc.constantFrom('sum', 'delay', 'batch', 'random', 'slow', 'split', 'pair'),
      on: fc.nat(6),
    }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((picked) => {
    const nodes: Record<string, string> = { in: '@d' };
    const wires: string[] = [];
    const outs: string[] = ['in'];
    picked.forEach(({ type, on }, index) => {
      const id = `n${index}`;
      const from = outs[on % outs.length] as string;
      nodes[id] = type;
      if (type === 'pair') wires.push(`${from} -> ${id}.left`, `in -> ${id}.right`);
      else wires.push(`${from} -> ${id}`);
      outs.push(...(type === 'split' ? [`${id}.odd`, `${id}.even`] : [id]));
    });
    nodes.out = 'emit';
    for (const from of outs.slice(1)) wires.push(`${from} -> out`);
    return flowOf(nodes, wires);
  });

const randomLines = fc
  .array(
    fc.tuple(fc.integer({ min: -3, max: 5 }), fc.integer({ min: -1, max: 20 }), fc.constantFrom('a', 'b')),
    {
      maxLength: 25,
    },
  )
  .map((steps) => {
    let second = 0;
    return steps.map(([wait, value, device], index) => {
      second = Math.max(0, second + wait); // back in time too
      return index % 11 === 10 ? 'no message' : line(second, value, { device });
    });
  });

/** What is saved of a run, as a caller keeps it: as JSON. */
class Saved {
  snapshot: RunSnapshot | undefined;

  save(commit: RunSnapshot): void {
    const state = mergeState(this.snapshot?.state ?? [], commit.state);
    this.snapshot = JSON.parse(JSON.stringify({ ...commit, state }));
  }
}

/** Runs until `killAt` lines are taken, saving at every `every`-th; returns the events up to the last save. */
async function piece(
  document: FlowDocument,
  lines: readonly string[],
  saved: Saved,
  killAt: number,
  every: number,
  hold: boolean,
): Promise<Event[]> {
  let events: Event[] = [];
  let safe: Event[] = [];
  let taken = 0;
  const killed = new Error('killed');
  try {
    const resume = saved.snapshot;
    const options: RunOptions = {
      document,
      stages: testStages,
      lines,
      hold,
      ...(resume === undefined ? {} : { resume }),
      onCommit: (point) => {
        if (taken++ >= killAt) throw killed;
        if (taken % every !== 0 && !point.ended) return;
        saved.save(point.commit());
        safe = [...safe, ...events];
        events = [];
      },
    };
    for await (const event of runFlow(options)) events.push(JSON.parse(JSON.stringify(event)));
    return [...safe, ...events];
  } catch (error) {
    if (error !== killed) throw error;
    return safe;
  }
}

describe('the same input gives the same events', () => {
  const plain = async (document: FlowDocument, lines: string[]) =>
    JSON.parse(JSON.stringify(await collect({ document, lines }))) as Event[];

  test('when the run is killed anywhere and started again on the whole input', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomFlow,
        randomLines,
        fc.array(fc.nat(12), { maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (document, lines, kills, every) => {
          const saved = new Saved();
          const events: Event[] = [];
          for (const kill of kills) events.push(...(await piece(document, lines, saved, kill, every, true)));
          events.push(...(await piece(document, lines, saved, Number.POSITIVE_INFINITY, 1, false)));
          expect(events).toEqual(await plain(document, lines));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('when the input comes in pieces, each a run of its own that is killed and started again', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomFlow,
        randomLines,
        fc.array(fc.nat(25), { maxLength: 3 }),
        fc.nat(12),
        async (document, lines, cuts, kill) => {
          // Lines that differ everywhere, so that no piece begins as the one before it did.
          const marked = lines.map((text, index) =>
            text.startsWith('{') ? text.replace('{', `{${' '.repeat(index)}`) : text,
          );
          const saved = new Saved();
          const events: Event[] = [];
          const ends = [
            ...cuts.map((cut) => Math.min(cut, lines.length)).sort((a, b) => a - b),
            lines.length,
          ];
          let begin = 0;
          for (const end of ends) {
            const part = marked.slice(begin, end);
            begin = end;
            if (part.length === 0) continue;
            events.push(...(await piece(document, part, saved, kill, 1, true)));
            events.push(...(await piece(document, part, saved, Number.POSITIVE_INFINITY, 1, true)));
          }
          const { snapshot } = saved;
          const rest = { document, lines: [], ...(snapshot === undefined ? {} : { resume: snapshot }) };
          events.push(...(JSON.parse(JSON.stringify(await collect(rest))) as Event[]));
          expect(events).toEqual(await plain(document, marked));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('refuses to go on with the state of another flow or seed', async () => {
    const document = flowOf({ in: '@d', out: 'emit' }, ['in -> out']);
    const saved = new Saved();
    await piece(document, [line(0, 1)], saved, 9, 1, true);
    const resume = saved.snapshot as RunSnapshot;
    await expect(collect({ document, lines: [], seed: 4, resume })).rejects.toThrow(/another seed/);
    const other = { ...document, version: 2 };
    await expect(collect({ document: other, lines: [], resume })).rejects.toThrow(/another flow/);
  });
});
