import { expect, test } from 'vitest';
import type { FlowTest } from '#flows/flow';
import { flowOf, testStages } from '#test/support/flow-stages';
import { reading } from '#test/support/messages';
import { describeResult, testFlow } from './tests.ts';

const run = (...tests: FlowTest[]) =>
  testFlow(
    { ...flowOf({ in: '@d', sum: 'sum', out: 'emit' }, ['in -> sum', 'sum -> out']), tests },
    testStages,
  );
const input = [{ ...reading(0, 1) }, { ...reading(1, 2) }];

test('compares only the fields that are given', async () => {
  const expected = [{ data: { value: 1 } }, { subject: 'r1', data: { value: 3 }, sequence: 2 }];
  expect(await run({ name: 'sums', input, expect: expected })).toMatchObject([
    { name: 'sums', passed: true, differences: [], problems: [] },
  ]);
});

test('tells what differs, what is missing and what is too much', async () => {
  const [wrong, few, many] = await run(
    { name: 'wrong', input, expect: [{ data: { value: 2 } }, { data: { value: 3, unit: 'm' } }] },
    { name: 'few', input, expect: [{}] },
    { name: 'many', input, expect: [{}, {}, { type: 'x' }] },
  );
  expect(wrong?.differences).toEqual([
    { path: '[0].data.value', expected: 2, actual: 1 },
    { path: '[1].data.unit', expected: 'm', actual: undefined },
  ]);
  expect(few?.differences).toMatchObject([{ path: '[1]', expected: undefined }]);
  expect(many?.differences).toEqual([{ path: '[2]', expected: { type: 'x' }, actual: undefined }]);
  expect([wrong, few, many].map((result) => result?.passed)).toEqual([false, false, false]);
  expect(wrong && describeResult(wrong)).toEqual([
    'not ok wrong',
    '  [0].data.value: expected 2, got 1',
    '  [1].data.unit: expected "m", got nothing',
  ]);
});

test('fails for a line that is no message and for a flow that does not run', async () => {
  const [bad] = await run({ name: 'bad', input: [{ kind: 'reading' }], expect: [] });
  expect(bad).toMatchObject({ passed: false, problems: [{ code: 'run.line' }] });
  const document = {
    ...flowOf({ in: '@d', out: 'emmit' }, ['in -> out']),
    tests: [{ name: 'a', input, expect: [] }],
  };
  expect(await testFlow(document, testStages)).toMatchObject([
    { passed: false, problems: [{ code: 'flow.unknownStage' }] },
  ]);
});
