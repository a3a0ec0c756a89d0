import type { Event } from '../event.ts';
import { describeProblem, Fault, type Problem } from '../fault.ts';
import type { FlowDocument, FlowTest } from '../flow.ts';
import type { FlowError } from '../runtime.ts';
import type { Resources, StageRegistry } from '../stage.ts';
import { runFlow } from './run.ts';

/** Where a test's events differ: `[2].data.fence`. */
export interface Difference {
  readonly path: string;
  /** Undefined: nothing was expected there. */
  readonly expected: unknown;
  /** Undefined: there was nothing. */
  readonly actual: unknown;
}

export interface TestResult {
  readonly name: string;
  readonly passed: boolean;
  readonly differences: readonly Difference[];
  /** Input lines that are no messages, and why the test could not run. */
  readonly problems: readonly Problem[];
  /** What left by error ports. */
  readonly errors: readonly FlowError[];
  readonly events: readonly Event[];
}

/**
 * Runs the tests that a flow carries, each on a flow of its own, in virtual time, with the end of input.
 * Throws nothing: a flow that does not compile fails each of its tests.
 */
export async function testFlow(
  document: FlowDocument,
  stages: StageRegistry,
  resources: Resources = {},
): Promise<TestResult[]> {
  const results: TestResult[] = [];
  for (const test of document.tests ?? []) results.push(await runTest(document, stages, resources, test));
  return results;
}

async function runTest(
  document: FlowDocument,
  stages: StageRegistry,
  resources: Resources,
  test: FlowTest,
): Promise<TestResult> {
  const events: Event[] = [];
  const problems: Problem[] = [];
  const errors: FlowError[] = [];
  const lines = test.input.map((line) => JSON.stringify(line));
  const onProblem = (problem: Problem) => problems.push(problem);
  const onError = (error: FlowError) => errors.push(error);
  try {
    for await (const event of runFlow({ document, stages, resources, lines, onProblem, onError })) {
      events.push(event);
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    problems.push(error.problem);
  }
  const differences = compare(test.expect, events);
  const passed = differences.length === 0 && problems.length === 0;
  return { name: test.name, passed, differences, problems, errors, events };
}

function compare(expected: readonly unknown[], events: readonly Event[]): Difference[] {
  const actual = JSON.parse(JSON.stringify(events)) as unknown[];
  const count = Math.max(expected.length, actual.length);
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const path = `[${index}]`;
    if (index >= expected.length) return [{ path, expected: undefined, actual: actual[index] }];
    return differ(path, expected[index], actual[index]);
  });
}

/** Objects are compared in the fields that are expected, arrays element by element. */
function differ(path: string, expected: unknown, actual: unknown): Difference[] {
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((value, index) => differ(`${path}[${index}]`, value, actual[index]));
  }
  if (isRecord(expected) && isRecord(actual)) {
    return Object.entries(expected).flatMap(([name, value]) =>
      differ(`${path}.${name}`, value, actual[name]),
    );
  }
  return Object.is(expected, actual) ? [] : [{ path, expected, actual }];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A test's result in lines for a terminal. */
export function describeResult({ name, passed, differences, problems, errors }: TestResult): string[] {
  const show = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
  return [
    `${passed ? 'ok' : 'not ok'} ${name}`,
    ...problems.map((problem) => `  ${describeProblem(problem)}`),
    ...differences.map(
      ({ path, expected, actual }) => `  ${path}: expected ${show(expected)}, got ${show(actual)}`,
    ),
    ...(passed ? [] : errors.map(({ node, code, detail }) => `  ${node} failed with ${code}: ${detail}`)),
  ];
}
