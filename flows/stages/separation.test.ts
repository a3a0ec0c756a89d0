import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { at, position } from '#test/support/messages';
import { Random } from '#test/support/random';
import { metre as m } from '#test/support/roads';
import { outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { standing } from '#test/support/standing';
import { separation } from './separation.ts';

const truck = (seconds: number, device: string, x: number, y = 0) =>
  position(seconds, x * m, y * m, { device });
const seal = (seconds: number, x: number, y = 0) =>
  position(seconds, x * m, y * m, { device: 's1', attributes: { seal: true } });

const events = (messages: readonly Message[]) =>
  messages.flatMap((message) =>
    message.kind === 'event'
      ? [[message.type.replace('quaywatch.track.', ''), message.time, message.data.truck]]
      : [],
  );

/** Ten seconds apart: truck a drives east at 10 m/s; the seal with it, until 200 s, then with truck b, that drove 25 m ahead of it and turns north. */
const story = Array.from({ length: 60 }, (_, i): Message[] => {
  const s = 10 * i;
  const [x, y] = [10 * Math.min(s, 200), 10 * Math.max(0, s - 200)];
  return [truck(s, 'a', 10 * s), truck(s + 1, 'b', x + 25, y), seal(s + 2, x, y)];
}).flat();

describe('separation', () => {
  test('a seal is found with its truck, apart from it, and with another', () => {
    const run = runStage(separation, {});
    for (let i = 0; i < 60; i++) {
      const s = 10 * i;
      run.push(truck(s, 'a', 10 * s));
      run.push(truck(s, 'c', 10 * s, 300));
      const y = Math.max(0, s - 300) * 10;
      run.push(truck(s, 'b', Math.min(3000, 1500 + 5 * s), y + (s < 300 ? 5 * (300 - s) : 0)));
      run.push(seal(s, 10 * Math.min(s, 300), y));
    }
    run.flush();
    const out = run.port('out');
    expect(events(out)).toEqual([
      ['association', at(0), 'a'],
      ['separation', at(310), 'a'],
      ['association', expect.anything(), 'b'],
    ]);
    expect(out[2]).toMatchObject({ data: { before: 'a', seal: 's1' } });
  });

  test('of trucks that set out from one place one behind the other, that with the seal is found, and found once', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Random(seed);
      const error = () => random.normal() * 8;
      const [behindS, offM] = [2 + (seed % 4), 10];
      const run = runStage(separation, { sigmaM: 8 });
      for (let s = 0; s < 300; s += 5) {
        const x = 10 * Math.max(0, s - 60);
        // standing, the receiver of the right truck is off, and the seal seems nearer to the other
        run.push(truck(s, 'a', x + error() + (s < 60 ? offM : 0), error()));
        run.push(truck(s, 'b', 10 * Math.max(0, s - 60 - behindS) + error(), error()));
        run.push(seal(s, x + error(), error()));
      }
      run.flush();
      expect(events(run.port('out')), `seed ${seed}`).toEqual([['association', expect.anything(), 'a']]);
    }
  });

  test('fixes that may be hundreds of metres off are no separation', () => {
    const run = runStage(separation, {});
    for (let i = 0; i < 60; i++) {
      const [s, isPoor] = [10 * i, i > 30 && i < 40];
      run.push(truck(s, 'a', 10 * s));
      run.push({ ...seal(s + 1, 10 * s + (isPoor ? 400 : 10)), accuracyM: isPoor ? 600 : 5 });
    }
    run.flush();
    expect(events(run.port('out')).map(([what]) => what)).toEqual(['association']);
  });

  test('noise and a truck that is not heard are no separation', () => {
    const run = runStage(separation, {});
    for (let i = 0; i < 100; i++) {
      const s = 10 * i;
      if (i < 40 || i > 60) run.push(truck(s, 'a', 10 * s + 12 * Math.sin(i)));
      run.push(seal(s, 10 * s + 12 * Math.cos(2 * i), 8));
    }
    run.flush();
    expect(events(run.port('out')).map(([what]) => what)).toEqual(['association']);
  });

  test('gives the same in whatever order messages come within the lateness, and wherever it is restarted', () => {
    const end = Date.parse(story.at(-1)?.time ?? '') + 1000;
    const steps = (list: readonly Message[]) => list.map((message): Step => ({ message, atMs: end }));
    const text = (outputs: ReturnType<typeof outputsOf>) =>
      standing(outputs.flatMap((output) => ('port' in output ? [output.message] : [])));
    const straight = text(outputsOf(separation, {}, steps(story)));
    expect(straight.length).toBeGreaterThan(0);
    fc.assert(
      fc.property(
        fc.array(fc.nat(28), { minLength: 7, maxLength: 7 }),
        fc.array(fc.nat(170), { maxLength: 2 }),
        (late, cuts) => {
          const shuffled = story.map((message, i) => ({
            message,
            ms: Date.parse(message.time ?? '') + (late[i % 7] ?? 0) * 1000,
          }));
          shuffled.sort((a, b) => a.ms - b.ms);
          expect(
            text(outputsOf(separation, {}, steps(shuffled.map(({ message }) => message)), cuts)),
          ).toEqual(straight);
        },
      ),
      { numRuns: 8 },
    );
  });

  test('what names no device or lies ahead of the clock leaves by the error port', () => {
    const run = runStage(separation, {});
    const { device: _, ...nameless } = truck(0, 'a', 0);
    run.push(nameless as Message);
    run.push(truck(500, 'a', 0), 'in', Date.parse(at(10)));
    expect(run.outputs).toMatchObject([{ error: 'message.device' }, { error: 'message.time' }]);
  });
});
