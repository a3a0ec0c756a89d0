import { expect, test } from 'vitest';
import type { EventDraft, Message } from '#flows/message';
import { at, atMs, seal } from '#test/support/messages';
import { configOf, runStage } from '#test/support/stage-harness';
import { control } from './control.ts';

const plan = {
  plan: 'port to yard',
  steps: [
    { id: 'sealed', seal: 'locked' },
    { id: 'leaves port A', exit: 'port-a' },
    { id: 'weighed', point: 'scale', optional: true },
    { id: 'scanned', scanner: 'hall-1', minSeconds: 60 },
    { id: 'in yard B', enter: 'yard-b', minSeconds: 600, maxSeconds: 1800 },
  ],
};

const common = (seconds: number) => ({
  time: at(seconds),
  received: at(seconds),
  quality: 'good' as const,
  attributes: {},
});
const box = 'CSQU3054383';
const event = (seconds: number, type: string, data: Record<string, unknown>): Message => ({
  kind: 'event',
  ...common(seconds),
  type: `quaywatch.${type}`,
  subject: box,
  data,
});
const sealed = (s: number) => seal(s, 'locked', { container: box });
const exit = (s: number) => event(s, 'fence.exit', { fence: 'port-a' });
const scan = (s: number) => event(s, 'scan.verdict', { scanner: 'hall-1' });
const enter = (s: number) => event(s, 'fence.enter', { fence: 'yard-b' });
const weighed = (s: number): Message => ({
  kind: 'passage',
  ...common(s),
  object: box,
  point: 'scale',
  confidence: 1,
});

function outcome(messages: readonly Message[]) {
  const run = runStage(control, plan);
  for (const message of messages) run.push(message);
  return (run.port('out') as EventDraft[]).map(({ type, data }) => {
    const what = type.split('.')[2];
    return what === 'violation' ? `${data.violation}: ${data.step}` : `${what}: ${data.step}`;
  });
}

test('follows an object over zones, gates, scans and seals', () => {
  const whole = [
    'step: sealed',
    'step: leaves port A',
    'step: weighed',
    'step: scanned',
    'step: in yard B',
    'completed: in yard B',
  ];
  expect(outcome([sealed(0), exit(100), weighed(150), scan(300), enter(1200)])).toEqual(whole);
  // what is optional may be left out; what belongs to no step is nobody's business
  const without = whole.filter((line) => !line.includes('weighed'));
  expect(
    outcome([sealed(0), exit(100), event(110, 'fence.enter', { fence: 'x' }), scan(300), enter(1200)]),
  ).toEqual(without);
});

test('a leg that is too short or too long is a violation, and the object is followed on', () => {
  const [fast, slow] = [
    outcome([sealed(0), exit(100), scan(300), enter(800)]),
    outcome([sealed(0), exit(100), scan(300), enter(2200)]),
  ];
  expect(fast.slice(3)).toEqual(['tooFast: in yard B', 'step: in yard B', 'completed: in yard B']);
  expect(slow.slice(3)).toEqual([
    'overdue: in yard B',
    'tooSlow: in yard B',
    'step: in yard B',
    'completed: in yard B',
  ]);
});

test('steps that are left out are named, and those out of order do not move it', () => {
  const run = runStage(control, plan);
  for (const message of [sealed(0), exit(100), enter(1200)]) run.push(message);
  expect(run.port('out')).toMatchObject([
    {},
    {},
    { data: { violation: 'skipped', skipped: ['scanned'] } },
    {},
    {},
  ]);
  expect(outcome([sealed(0), exit(100), scan(300), exit(400), enter(1200)])).toContain(
    'outOfOrder: leaves port A',
  );
  expect(outcome([scan(0)])).toEqual(['outOfOrder: scanned']);
});

test('begins anew when it is through', () => {
  const tour = (from: number) => [sealed(from), exit(from + 100), scan(from + 300), enter(from + 1200)];
  const once = outcome(tour(0));
  expect(outcome([...tour(0), ...tour(5000)])).toEqual([...once, ...once]);
});

test('an object that is at the first step again begins anew, whatever became of its way before', () => {
  const port = (s: number) => event(s, 'fence.enter', { fence: 'port-a' });
  const steps = [
    { id: 'port', enter: 'port-a' },
    { id: 'road', exit: 'port-a' },
    { id: 'yard', enter: 'yard-b', minSeconds: 600, maxSeconds: 1800 },
  ];
  const run = runStage(control, { plan: 'p', steps });
  for (const message of [port(0), exit(10), port(9000), exit(9010), enter(9100)]) run.push(message);
  // overdue is said once, and the second way is measured by itself: another truck came for this one
  expect((run.port('out') as EventDraft[]).map(({ type, data }) => data.violation ?? type)).toEqual([
    'quaywatch.control.step',
    'quaywatch.control.step',
    'quaywatch.control.overdue',
    'outOfOrder',
    'quaywatch.control.step',
    'quaywatch.control.step',
    'tooFast',
    'quaywatch.control.step',
    'quaywatch.control.completed',
  ]);
});

test('what is overdue is said once, whatever else comes', () => {
  const run = runStage(control, plan);
  for (const message of [sealed(0), exit(100), scan(300), exit(3000), exit(4000)]) run.push(message);
  run.advance(atMs(9000));
  const types = (run.port('out') as EventDraft[]).map(({ type }) => type);
  expect(types.filter((type) => type.endsWith('overdue'))).toHaveLength(1);
});

test('a seal that says again that it is locked does nothing new', () => {
  const again = (s: number) => seal(s, 'locked', { container: box });
  expect(outcome([sealed(0), exit(100), again(200), scan(300), again(400), enter(1200)])).toEqual(
    outcome([sealed(0), exit(100), scan(300), enter(1200)]),
  );
  // but where a step waits for it, it counts; opened and locked again, it is where it was
  const steps = [
    { id: 'a', exit: 'port-a' },
    { id: 'locked', seal: 'locked' },
    { id: 'b', enter: 'yard-b' },
  ];
  const run = runStage(control, { plan: 'p', steps });
  for (const message of [
    exit(10),
    sealed(20),
    seal(30, 'unlocked', { container: box }),
    sealed(40),
    enter(50),
  ])
    run.push(message);
  expect((run.port('out') as EventDraft[]).map(({ type, data }) => [type.split('.')[2], data.step])).toEqual([
    ['step', 'a'],
    ['step', 'locked'],
    ['step', 'b'],
    ['completed', 'b'],
  ]);
});

test('of a zone that is in the plan twice, the step that lies ahead is meant', () => {
  const steps = [
    { id: 'in', enter: 'yard-b' },
    { id: 'weighed', point: 'scale' },
    { id: 'scanned', scanner: '*' },
    { id: 'back', enter: 'yard-b' },
  ];
  const run = runStage(control, { plan: 'p', steps });
  for (const message of [enter(0), enter(5), weighed(10), enter(20)]) run.push(message);
  expect((run.port('out') as EventDraft[]).map(({ data }) => data.skipped ?? data.step)).toEqual([
    'in',
    'weighed',
    ['scanned'],
    'back',
    'back',
  ]);
});

test('says when the next steps are due, and by the clock when one is overdue', () => {
  const run = runStage(control, plan);
  for (const message of [sealed(0), exit(100), scan(300)]) run.push(message);
  expect(run.port('out').at(-1)).toMatchObject({
    data: { step: 'scanned', expected: [{ step: 'in yard B', earliest: at(900), latest: at(2100) }] },
  });
  run.advance(atMs(2099));
  expect(run.port('out')).toHaveLength(3);
  run.advance(atMs(2200));
  expect(run.port('out').slice(3)).toMatchObject([
    { type: 'quaywatch.control.overdue', data: { overdue: [{ step: 'in yard B', latest: at(2100) }] } },
  ]);
});

test('refuses a plan that cannot be', () => {
  const steps = (...list: object[]) => configOf(control, { plan: 'p', steps: list });
  expect(() => steps({ id: 'a', enter: 'x' }, { id: 'a', enter: 'y' })).toThrow('another step');
  expect(() => steps({ id: 'a', enter: 'x' }, { id: 'b' })).toThrow('exactly one');
  expect(() => steps({ id: 'a', enter: 'x', after: ['b'] }, { id: 'b', exit: 'x' })).toThrow('none begins');
  expect(() => steps({ id: 'a', enter: 'x' }, { id: 'b', exit: 'x', after: ['c'] })).toThrow('no step c');
  expect(() => steps({ id: 'a', enter: 'x' }, { id: 'b', exit: 'x', minSeconds: 9, maxSeconds: 1 })).toThrow(
    'more than',
  );
});
