import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '#flows/event';
import { Fault } from '#flows/fault';
import type { Models } from '#flows/inference';
import type { FrameMessage, FrameSource } from '#flows/scan';
import { at } from '#test/support/messages';
import { columnsModel, modelsOf, strip, strips } from '#test/support/strips';
import { stages } from '../registry.ts';
import { runFlow } from '../run/run.ts';
import { mergeState, type RunSnapshot } from '../run/snapshot.ts';

const document = (config: object = {}) => ({
  id: 'lane',
  version: 1,
  nodes: [
    { id: 'scanner', driver: 'linescan', config: {} },
    { id: 'look', stage: 'infer', config: { model: 'columns', ...config } },
    { id: 'out', stage: 'emit', config: {} },
  ],
  wires: [
    { from: 'scanner', to: 'look', buffer: { capacity: 1000, overflow: 'block' as const } },
    { from: 'look', to: 'out', buffer: { capacity: 1000, overflow: 'block' as const } },
  ],
});

interface Run {
  readonly events: Event[];
  readonly errors: string[];
}

async function run(
  frames: readonly object[],
  models?: Models,
  config: object = {},
  pixels?: FrameSource,
): Promise<Run> {
  const events: Event[] = [];
  const errors: string[] = [];
  const lines = frames.map((frame) => JSON.stringify(frame));
  const resources = { ...(models ? { models } : {}), ...(pixels ? { frames: pixels } : {}) };
  const onError = ({ code }: { code: string }) => errors.push(code);
  for await (const event of runFlow({ document: document(config), stages, resources, lines, onError }))
    events.push(event);
  return { events, errors };
}

const told = ({ events }: Run) =>
  events.map(({ data }) => {
    const { columns, reasons } = data.evidence as { columns?: number[]; reasons?: string[] };
    return { label: data.label, columns, reasons };
  });
const whole = { label: 'empty', columns: [0, 10, 20, 30, 40], reasons: undefined };

test('a model takes the strips in their order and concludes at the last one', async () => {
  const done = await run(strips(5), modelsOf(columnsModel()));
  expect(told(done)).toEqual([whole]);
  expect(done.errors).toEqual([]);
  expect(done.events[0]).toMatchObject({
    time: at(4),
    data: { scan: 'scan-1', model: 'columns', attributes: { final: true, of: 1 } },
  });
});

test('scans at the same time are kept apart', async () => {
  const other = strips(5, { scan: 'scan-2' });
  const mixed = strips(5).flatMap((frame, n) => [frame, other[n] as FrameMessage]);
  const done = await run(mixed, modelsOf(columnsModel()));
  expect(told(done)).toEqual([whole, whole]);
  expect(done.events.map(({ data }) => data.scan)).toEqual(['scan-1', 'scan-2']);
});

describe('what cannot be looked at makes it abstain:', () => {
  const reasons = async (frames: readonly object[], models?: Models) => {
    const done = await run(frames, models);
    const [{ label, reasons: said } = { label: undefined, reasons: [] }] = told(done);
    expect(label).toBe('abstained');
    expect(done.events).toHaveLength(1);
    return { said: said?.join(' '), errors: done.errors };
  };

  test('no model at all', async () => {
    const none = await reasons(strips(3), modelsOf());
    expect(none.said).toBe('There is no model columns here.');
    expect(none.errors).toEqual(['model.missing', 'model.missing', 'model.missing']);
    expect((await reasons(strips(3))).said).toBe('There is no model columns here.');
  });

  test.each(['model.late', 'model.crashed', 'frame.missing'])('a strip with %s', async (code) => {
    const models = modelsOf(columnsModel(undefined, ({ line0 }) => (line0 === 20 ? code : undefined)));
    expect(await reasons(strips(5), models)).toEqual({ said: `${code} at 20`, errors: [code] });
  });

  test('a strip whose pixels are damaged, even if the model would not have read them', async () => {
    const pixels: FrameSource = {
      read: ({ line0 }) =>
        line0 === 20
          ? Promise.reject(new Fault({ code: 'frame.damaged', message: 'It is another.', help: 'None.' }))
          : Promise.resolve({ samples: new Uint16Array(), columns: 0, rows: 0, planes: [], column0: 0 }),
    };
    const done = await run(strips(5), modelsOf(columnsModel()), {}, pixels);
    expect(told(done).map(({ label }) => label)).toEqual(['abstained']);
    expect(done.errors).toEqual(['frame.damaged']);
  });

  test('a strip that never came', async () => {
    const { said } = await reasons(strips(5).toSpliced(2, 1), modelsOf(columnsModel()));
    expect(said).toBe('Columns 20 to 29 never came.');
  });

  test('each strip that never came, after patience with each', async () => {
    const at0 = [0, 2, 4].map((n) => ({ ...strip(n, 5), received: at(0) }));
    const { said } = await reasons([...at0, { ...strip(3, 5), received: at(3) }], modelsOf(columnsModel()));
    expect(said).toBe('Columns 10 to 19 never came.');
  });

  test('the first strip never came', async () => {
    expect((await reasons(strips(5).slice(1), modelsOf(columnsModel()))).said).toMatch(/Columns 0 to 9/);
  });

  test('no end of the scan', async () => {
    expect((await reasons(strips(5).slice(0, 3), modelsOf(columnsModel()))).said).toMatch(
      /no end of the scan/,
    );
  });

  test('columns that came again with other content', async () => {
    const again = { ...strip(1, 5), data: { file: 'x', offset: 0, sha256: 'other' } };
    const done = await reasons(
      [...strips(5).slice(0, 3), again, ...strips(5).slice(3)],
      modelsOf(columnsModel()),
    );
    expect(done.said).toMatch(/came again/);
    expect(done.errors).toEqual(['frame.repeated']);
  });

  test.each(['add', 'conclude', 'miss'] as const)('a model that throws in %s', async (broken) => {
    const model = {
      ...columnsModel(),
      [broken]: () => {
        throw new Error('it is broken');
      },
    };
    const frames = broken === 'miss' ? strips(5).slice(1) : strips(5);
    expect((await reasons(frames, modelsOf(model))).said).toBe('The model failed: it is broken');
  });
});

test('a strip that comes again as it was changes nothing', async () => {
  const frames = strips(5).flatMap((frame) => [frame, frame]);
  const done = await run(frames, modelsOf(columnsModel()));
  expect(told(done)).toEqual([whole]);
  expect(new Set(done.errors)).toEqual(new Set(['frame.repeated', 'frame.late']));
});

test('a strip after the conclusion leaves by the error port', async () => {
  const frames = [...strips(2), strip(0, 2), strip(2, 4)];
  const done = await run(frames, modelsOf(columnsModel()));
  expect(told(done)).toEqual([{ label: 'empty', columns: [0, 10], reasons: undefined }]);
  expect(done.errors).toEqual(['frame.late', 'frame.late']);
});

test('a frame that does not say what its scan is leaves by the error port', async () => {
  const frames = [
    { ...strip(0, 2), attributes: {} },
    strip(0, 2, { attributes: { airLevel: undefined } as never }),
  ];
  expect(await run(frames, modelsOf(columnsModel()))).toEqual({
    events: [],
    errors: ['frame.scan', 'frame.scan'],
  });
});

test('a frame of no scan is judged by itself', async () => {
  const alone = (n: number) => ({ ...strip(n, 3, { frame: { line0: 0 } }), scan: undefined, attributes: {} });
  const done = await run([alone(0), alone(1)], modelsOf(columnsModel()));
  expect(told(done).map(({ columns }) => columns)).toEqual([[0], [0]]);
});

test('in whatever order strips come within the patience, and whatever the looking takes: the same', async () => {
  const orders = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 });
  const delays = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 5, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(orders, delays, async (order, delay) => {
      const frames = order.map((n) => ({ ...strip(n, 5), received: at(0) }));
      const model = columnsModel(({ line0 = 0 }) => delay[line0 / 10] ?? 0);
      expect(told(await run(frames, modelsOf(model)))).toEqual([whole]);
    }),
    { numRuns: 30 },
  );
});

test('killed after any line and gone on with: the same events', async () => {
  const frames = [
    ...strips(4),
    ...strips(4, { scan: 'scan-2' }).toSpliced(1, 1),
    strip(0, 3, { scan: 'scan-3' }),
  ];
  const lines = frames.map((frame, n) => JSON.stringify({ ...frame, received: at(n) }));
  const resources = { models: modelsOf(columnsModel()) };
  const pieces = async (cuts: readonly number[]) => {
    const events: Event[] = [];
    let saved: RunSnapshot | undefined;
    for (const to of [...cuts, lines.length]) {
      const resume = saved;
      const hold = to < lines.length;
      const options = { document: document(), stages, resources, lines: lines.slice(0, to), hold };
      const onCommit = ({ commit, ended }: { commit(): RunSnapshot; ended: boolean }) => {
        if (!ended) return;
        const next = JSON.parse(JSON.stringify(commit())) as RunSnapshot;
        saved = { ...next, state: mergeState(saved?.state ?? [], next.state) };
      };
      const whole = runFlow({
        ...options,
        ...(resume && { resume }),
        onCommit: (point) => onCommit({ commit: () => point.commit(), ended: point.ended }),
      });
      for await (const event of whole) events.push(event);
    }
    return events;
  };
  const once = await pieces([]);
  expect(once).toHaveLength(3);
  for (let cut = 1; cut < lines.length; cut++) expect(await pieces([cut])).toEqual(once);
  expect(await pieces([1, 3, 6, 7])).toEqual(once);
});
