import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '#flows/event';
import type { Message } from '#flows/message';
import type { OreModels } from '#flows/ore/model';
import { berthDocument, berthEvents } from '#test/support/berth-events';
import { type BeltRun, beltMessages, declaredLot, plainModels, testPolicy } from '#test/support/ore';
import { Random } from '#test/support/random';
import { stages } from '../registry.ts';
import { runFlow } from '../run/run.ts';
import { mergeState, type RunPoint, type RunSnapshot } from '../run/snapshot.ts';

const run = (messages: readonly Message[], ore: OreModels = plainModels(), lot: object = {}) =>
  berthEvents(messages, ore, lot);

const lots = (name: string, end = 103, more: object = {}) => [
  { at: 3, state: 'begin' as const, lot: declaredLot(name, more) },
  { at: end, state: 'end' as const },
];
const shiplot = (ore?: BeltRun['ore'], more: object = {}) =>
  beltMessages({ seconds: 130, ...(ore ? { ore } : {}) }, lots('L1', 103, more));
const ofType = (events: readonly Event[], type: string) =>
  events.filter((event) => event.type === `quaywatch.${type}`);
const verdictOf = (events: readonly Event[]) =>
  ofType(events, 'lot.verdict')[0]?.data as Record<string, unknown>;
const good = (tonnes: number) => ({ fe: 61 + (tonnes % 2), bad: false });

describe('a clean lot', () => {
  let events: Event[];
  beforeAll(async () => {
    events = await run(shiplot(good));
  });

  test('is drawn for before anything is seen of it, and inspected while its shipper is new', () => {
    const [first] = events;
    expect(first).toMatchObject({
      type: 'quaywatch.lot.announced',
      subject: 'L1',
      data: { draw: { rung: 0, inspect: true } },
    });
    expect(verdictOf(events)).toMatchObject({
      outcome: 'clear',
      disposition: 'inspect',
      coverage: 1,
      massT: 100,
      notes: [],
    });
  });

  test('is assessed increment by increment, in order, with its composition', () => {
    const increments = ofType(events, 'increment.assessed').map(({ data }) => data);
    expect(increments.map(({ increment }) => increment)).toEqual([0, 1, 2, 3, 4]);
    for (const one of increments)
      expect(one).toMatchObject({ outcome: 'clear', coverage: 1, massKg: 20_000 });
    expect(increments[2]?.values).toMatchObject({ Fe: { value: expect.closeTo(61.5, 0) } });
  });

  test('has an interval with its bias, names models and policy, and says that all of it is simulated', () => {
    const { values, models, policy, simulationValidated } = verdictOf(events) as {
      values: { Fe: { value: number; lower: number; upper: number; bias: number } };
      models: { id: string }[];
      policy: { id: string; version: string; documents: { id: string }[] };
      simulationValidated: boolean;
    };
    expect(values.Fe.bias).toBeCloseTo(0.1, 6);
    expect(values.Fe.upper - values.Fe.lower).toBeGreaterThan(2 * 1.95 * 0.1);
    expect(models.map(({ id }) => id)).toEqual(['ore-brand', 'test-policy', 'ore-slag']);
    expect(policy).toMatchObject({ id: 'test-policy', version: '1' });
    // the rule that held on the day of the lot, not the one before it
    expect(policy.documents.map(({ id }) => id)).toEqual(['new']);
    expect(simulationValidated).toBe(true);
  });
});

test('a clean lot of a shipper that has earned it is released, and one that is drawn is not', async () => {
  const ladder = (floor: number) => ({ ladder: { qualifyLots: 1, climbLots: 1, shares: [1, 0], floor } });
  const two = (name: string, begin: number) => [
    { at: begin, state: 'begin' as const, lot: declaredLot(name) },
    { at: begin + 50, state: 'end' as const },
  ];
  const messages = beltMessages({ seconds: 140, ore: good }, [...two('L1', 3), ...two('L2', 60)]);
  const dispositions = async (floor: number) =>
    ofType(await run(messages, plainModels(), ladder(floor)), 'lot.verdict').map(
      ({ data }) => data.disposition,
    );
  expect(await dispositions(0)).toEqual(['inspect', 'release']);
  expect(await dispositions(1)).toEqual(['inspect', 'inspect']);
});

describe('a slug of waste of 10 t', () => {
  let events: Event[];
  beforeAll(async () => {
    events = await run(
      shiplot((t) => ({ fe: 60, bad: t > 45 && t < 55 })),
      plainModels(),
      { sampler: { node: 'wire', device: 'sampler-1', action: 'take' } },
    );
  });

  test('is an alarm while it goes by, holds the lot, and calls the sampler', () => {
    const types = events.map(({ type }) => type.slice('quaywatch.'.length));
    expect(types.indexOf('lot.alarm')).toBeLessThan(types.indexOf('lot.verdict'));
    expect(ofType(events, 'lot.alarm')[0]?.data).toMatchObject({
      stage: 'brand',
      increment: 2,
      action: 'hold',
    });
    expect(verdictOf(events)).toMatchObject({ outcome: 'suspect', disposition: 'hold' });
    expect(ofType(events, 'sampler.requested')[0]?.data).toMatchObject({
      increment: 2,
      node: 'wire',
      action: 'take',
    });
  });

  test('is one alarm of each stage, and shows in its increments alone', () => {
    expect(ofType(events, 'lot.alarm').map(({ data }) => data.stage)).toEqual(['brand', 'slag']);
    const outcomes = ofType(events, 'increment.assessed').map(({ data }) => data.outcome);
    expect(outcomes).toEqual(['clear', 'clear', 'suspect', 'clear', 'clear']);
  });
});

describe('no verdict', () => {
  test('where there is no model', async () => {
    const events = await run(shiplot(good), { ore: () => undefined });
    expect(verdictOf(events)).toMatchObject({ outcome: 'none', disposition: 'inspect', coverage: 0 });
    expect(ofType(events, 'increment.assessed').map(({ data }) => data.outcome)).toEqual(
      Array(5).fill('none'),
    );
  });

  test('where a spectrometer was silent for a tenth of the mass, and the coverage says so', async () => {
    const messages = shiplot(good).filter(
      ({ device, time = '' }) => device !== 'nir' || !/08:00:4\d/.test(time),
    );
    const verdict = verdictOf(await run(messages));
    expect(verdict).toMatchObject({ outcome: 'none', disposition: 'inspect' });
    expect(verdict.coverage).toBeCloseTo(0.9, 1);
  });

  test('where a stretch that nothing saw is longer than the policy lets through, whatever the coverage', async () => {
    const messages = shiplot(good).filter(
      ({ device, time = '' }) => device !== 'nir' || !/08:00:4\d/.test(time),
    );
    const verdict = async (maxUnseenT: number) =>
      verdictOf(
        await run(messages, plainModels(), { policy: { ...testPolicy, minCoverage: 0.5, maxUnseenT } }),
      );
    const seen = await verdict(30);
    expect(seen).toMatchObject({ outcome: 'clear', coverage: 0.92 });
    expect(seen.notes).toContain(
      '8.0 t were not judged by all stages, at most 8.0 t of them in one stretch.',
    );
    const blind = await verdict(5);
    expect(blind).toMatchObject({ outcome: 'none', disposition: 'inspect' });
    expect(JSON.stringify(blind.reasons)).toContain('in one stretch');
  });

  test('where a model fails', async () => {
    const failing = plainModels({
      conclude: () => {
        throw new Error('out of order');
      },
    });
    const verdict = verdictOf(await run(shiplot(good), failing));
    expect(verdict).toMatchObject({ outcome: 'none' });
    expect(JSON.stringify(verdict.reasons)).toContain('out of order');
  });

  test('where the lot never ends', async () => {
    const messages = beltMessages({ seconds: 80, ore: good }, lots('L1').slice(0, 1));
    const verdict = verdictOf(await run(messages));
    expect(verdict).toMatchObject({ outcome: 'none', disposition: 'inspect' });
    expect(JSON.stringify(verdict.reasons)).toContain('No end');
  });
});

test('a limit of trade is a note, said to be no law; one that the policy inspects for is not clear', async () => {
  const withElement = (name: string, value: number) => {
    const base = plainModels().ore('ore-brand');
    return plainModels({
      conclude: (...args) => {
        const said = base?.conclude(...args) ?? {
          answer: { values: [], windows: [], findings: [], reasons: [] },
        };
        const extra = { name, unit: '%' as const, value, sigma: 0.001, bias: 0.001 };
        return { ...said, answer: { ...said.answer, values: [...said.answer.values, extra] } };
      },
    });
  };
  const arsenic = verdictOf(await run(shiplot(good), withElement('As', 0.09)));
  expect(arsenic).toMatchObject({ outcome: 'clear' });
  expect(JSON.stringify(arsenic.notes)).toContain('no law');
  expect(verdictOf(await run(shiplot(good), withElement('Zn', 0.2)))).toMatchObject({
    outcome: 'suspect',
    disposition: 'inspect',
  });
  expect(verdictOf(await run(shiplot(good), withElement('LOI', -6.2)))).toMatchObject({
    outcome: 'suspect',
    disposition: 'hold',
  });
});

/** As they may come in, each within its lateness. */
function shuffled(messages: readonly Message[], seed: number): Message[] {
  const random = new Random(seed);
  return messages
    .map((message) => ({ message, at: Date.parse(message.time ?? '') + random.next() * 1900 }))
    .sort((a, b) => a.at - b.at)
    .map(({ message, at }) => ({ ...message, received: new Date(at).toISOString() }));
}

test('the record of a lot is the same to the last bit however its stream was shuffled, cut and resumed', async () => {
  const messages = shiplot((t) => ({ fe: 60 + Math.sin(t), bad: t > 45 && t < 55 }));
  const plain = (events: readonly Event[]) =>
    JSON.stringify(events.map(({ type, time, data }) => [type, time, data]));
  const whole = plain(await run(messages));
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: messages.length - 1 }), async (seed, cut) => {
      const lines = shuffled(messages, seed).map((message) => JSON.stringify(message));
      const document = berthDocument();
      const resources = { ore: plainModels() };
      const events: Event[] = [];
      let resume: RunSnapshot | undefined;
      const onCommit = (point: RunPoint) => {
        const next = point.commit();
        resume = { ...next, state: mergeState(resume?.state ?? [], JSON.parse(JSON.stringify(next.state))) };
      };
      const first = { document, stages, resources, lines: lines.slice(0, cut), hold: true, onCommit };
      for await (const event of runFlow(first)) events.push(event);
      const rest = resume === undefined ? {} : { resume };
      for await (const event of runFlow({ document, stages, resources, lines, ...rest })) events.push(event);
      expect(plain(events)).toBe(whole);
    }),
    { numRuns: 6 },
  );
});
