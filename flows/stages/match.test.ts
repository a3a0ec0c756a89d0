import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { at, atMs, position } from '#test/support/messages';
import { collection, line, metre as m, streets } from '#test/support/roads';
import { configOf, outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { match } from './match.ts';

const roads = streets(3);
const places = (messages: readonly Message[]) =>
  messages.map(({ attributes, time }) => [time, attributes.road, Math.round(Number(attributes.offsetM))]);

describe('match', () => {
  test('says on which road a position was, how far along it and how far from it', () => {
    const run = runStage(match, { roads });
    for (let i = 0; i < 4; i++)
      run.push(position(10 * i, (20 + 20 * i) * m, 5 * m, { attributes: { plate: 'A' } }));
    run.push(position(40, 500 * m, 0));
    run.push(position(50, 0, 0, { fix: false }));
    run.flush();
    const out = run.port('out');
    expect(places(out)).toEqual([
      [at(0), 'h0', 20],
      [at(10), 'h0', 40],
      [at(20), 'h0', 60],
      [at(30), 'h0', 80],
      [at(40), null, 0],
      [at(50), null, 0],
    ]);
    expect(out[0]?.attributes).toMatchObject({ plate: 'A' });
    expect(out[0]?.attributes.distanceM).toBeCloseTo(5, 1);
    expect(out[4]?.attributes).toMatchObject({ offsetM: null, distanceM: null });
  });

  test('holds a position no longer than lagSeconds', () => {
    const between = collection([
      line('n', [
        [0, 9 * m],
        [900 * m, 9 * m],
      ]),
      line('s', [
        [0, -9 * m],
        [900 * m, -9 * m],
      ]),
    ]); // prettier-ignore
    const run = runStage(match, { roads: between, lagFixes: 100, lagSeconds: 15 });
    run.push(position(0, 0, 0));
    run.push(position(10, 100 * m, 0));
    run.advance(atMs(14));
    expect(run.port('out')).toHaveLength(0);
    run.advance(atMs(15));
    expect(run.port('out').map(({ time }) => time)).toContain(at(0));
    run.advance(atMs(25));
    expect(run.port('out').map(({ time }) => time)).toEqual([at(0), at(10)]);
  });

  test('what is out of order leaves by `late`, what is no position of a device by the error port', () => {
    const run = runStage(match, { roads });
    run.push(position(10));
    run.push(position(5), 'in', atMs(11));
    const { device: _, ...nameless } = position(12);
    run.push(nameless as Message);
    run.push(position(13, 200, 0));
    expect(run.port('late')).toHaveLength(1);
    expect(run.outputs.flatMap((output) => ('error' in output ? [output.error] : []))).toEqual([
      'message.device',
      'message.invalid',
    ]);
  });

  test('takes roads by name, and says what is wrong with them', () => {
    const fenceSet = (name: string) =>
      name === 'port' ? roads : name === 'bad' ? collection([]) : undefined;
    const run = (name: string) => runStage(match, { roads: name }, { resources: { fenceSet } });
    expect(() => run('port')).not.toThrow();
    expect(() => run('elsewhere')).toThrow('elsewhere');
    expect(() => run('bad')).toThrow('there is no line');
    expect(() =>
      configOf(match, {
        roads: collection([
          line(undefined, [
            [0, 0],
            [1, 1],
          ]),
        ]),
      }),
    ).toThrow('roads.features[0].properties.id'); // prettier-ignore
  });

  test('thinks what is undecided over when it resumes on other roads', () => {
    const first = runStage(match, {
      roads: collection([
        line('n', [
          [0, 9 * m],
          [900 * m, 9 * m],
        ]),
        line('s', [
          [0, -9 * m],
          [900 * m, -9 * m],
        ]),
      ]),
    }); // prettier-ignore
    first.push(position(0, 0, 0));
    first.push(position(10, 100 * m, 0));
    const run = runStage(match, { roads }, { from: first.checkpoint() });
    run.push(position(20, 150 * m, 0));
    run.flush();
    expect(places(run.port('out'))).toEqual([
      [at(0), 'h0', 0],
      [at(10), 'h0', 100],
      [at(20), 'h0', 150],
    ]);
  });

  test('gives the same wherever it is restarted, and every position once', () => {
    const step = fc.tuple(
      fc.nat(220),
      fc.nat(220),
      fc.constantFrom('a', 'b'),
      fc.integer({ min: -3, max: 30 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.array(fc.nat(25), { maxLength: 3 }), (list, cuts) => {
        let s = 0;
        const steps = list.map(([x, y, device, later], i): Step => {
          s += later;
          return { message: position(s, x * m, y * m, { device, received: at(1000 + 3 * i) }) };
        });
        const whole = outputsOf(match, { roads, lagFixes: 3, lagSeconds: 7 }, steps);
        expect(outputsOf(match, { roads, lagFixes: 3, lagSeconds: 7 }, steps, cuts)).toEqual(whole);
        expect(whole).toHaveLength(steps.length);
      }),
      { numRuns: 60 },
    );
  });
});
