import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { at, atMs } from '#test/support/messages';
import { runStage } from '#test/support/stage-harness';
import { standing } from '#test/support/standing';
import { control } from './control.ts';

/** A plan whose token goes from the box of a port to that of a yard, which may be cut off from the hub for an hour. */
const plan = {
  plan: 'port-to-yard',
  latenessSeconds: 7200,
  steps: [
    { id: 'port', enter: 'gate-a' },
    { id: 'highway', exit: 'gate-a', maxSeconds: 900 },
    { id: 'yard', enter: 'yard-b', minSeconds: 120, maxSeconds: 1800 },
    { id: 'scan', scanner: '*', maxSeconds: 2400 },
  ],
};
const kinds = {
  'port in': { type: 'quaywatch.fence.enter', data: { fence: 'gate-a' } },
  'port out': { type: 'quaywatch.fence.exit', data: { fence: 'gate-a' } },
  'yard in': { type: 'quaywatch.fence.enter', data: { fence: 'yard-b' } },
  'yard scan': { type: 'quaywatch.scan.verdict', data: { scanner: 's1' } },
} as const;
type Step = readonly [keyof typeof kinds, number];
const message = ([what, second]: Step, n: number): Message => ({
  kind: 'event',
  device: 'truck',
  subject: 'truck',
  time: at(second),
  quality: 'good',
  attributes: { event: `b:${n}` },
  ...kinds[what],
});

/** What stands in the end when each comes at its second of arrival, with a restart before the `cut`th. */
function outcome(arrivals: readonly { message: Message; second: number }[], cut = -1): string[] {
  let run = runStage(control, plan);
  const told: Message[] = [];
  arrivals.forEach(({ message, second }, n) => {
    if (n === cut) {
      told.push(...run.port('out'));
      run = runStage(control, plan, { from: run.checkpoint() });
    }
    run.push(message, 'in', atMs(second));
  });
  run.flush();
  return standing([...told, ...run.port('out')]);
}

const story = fc
  .array(
    fc.tuple(
      fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])),
      fc.integer({ min: 1, max: 1500 }),
    ),
    {
      minLength: 1,
      maxLength: 7,
    },
  )
  .map((list) => {
    let second = 0;
    return list.map(([what, took]): Step => {
      second += took;
      return [what, second];
    });
  })
  .filter((list) => (list.at(-1)?.[1] ?? 0) < 6000);

test('in time after all, what was overdue while the box of the yard was cut off is withdrawn', () => {
  const run = runStage(control, plan);
  run.push(message(['port in', 0], 1), 'in', atMs(0));
  run.push(message(['port out', 60], 2), 'in', atMs(60));
  run.advance(atMs(3600));
  expect(run.port('out').at(-1)).toMatchObject({
    ...{ type: 'quaywatch.control.overdue', time: at(1860) },
    data: { step: 'yard', overdue: [{ step: 'yard', latest: at(1860) }] },
  });
  run.push(message(['yard in', 660], 3), 'in', atMs(3700));
  const types = standing(run.port('out')).map((text) => (JSON.parse(text) as string[])[0]);
  expect(types).toEqual(Array(3).fill('quaywatch.control.step'));
});

test('whatever comes late and out of order, what stands in the end is what stands in order', () => {
  const cases = story.chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc.shuffledSubarray([...list.keys()], { minLength: list.length }),
      fc.array(fc.integer({ min: 0, max: 900 }), { minLength: list.length, maxLength: list.length }),
      fc.nat(list.length),
    ),
  );
  let overdue = 0;
  fc.assert(
    fc.property(cases, ([list, order, pauses, cut]) => {
      const inOrder = outcome(list.map((step, n) => ({ message: message(step, n), second: step[1] })));
      let second = 0;
      const late = order.map((n, place) => {
        const step = list[n] as Step;
        second = Math.max(second + (pauses[place] ?? 0), step[1]);
        return { message: message(step, n), second };
      });
      expect(outcome(late, cut)).toEqual(inOrder);
      overdue += inOrder.filter((text) => text.includes('control.overdue')).length;
    }),
    { numRuns: 400 },
  );
  expect(overdue).toBeGreaterThan(20);
});
