import type { Bench } from './bench.ts';
import { byHand, compiled, compiledRaw, type Driven, messages, type Result } from './graph/flows.ts';
import { bareSteps, realSteps } from './graph/steps.ts';

const count = 200_000;
const pairs = 25;

/** Messages per second through one side, and what came out of it. */
function rate(side: () => Driven): { perSecond: number; result: Result } {
  const input = messages();
  const { push, result, done } = side();
  const begin = performance.now();
  for (let index = 0; index < count; index++) push(input[index % input.length] as (typeof input)[number]);
  done();
  return { perSecond: (count / (performance.now() - begin)) * 1000, result: result() };
}

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Alternates both sides in one process: what disturbs one round disturbs its neighbour too. */
function compare(
  ours: () => Driven,
  hand: () => Driven,
  signal: AbortSignal,
): { ours: number; hand: number; ratio: number } {
  const rounds: { ours: number; hand: number }[] = [];
  for (let pair = -4; pair < pairs; pair++) {
    signal.throwIfAborted();
    const sides = [() => rate(ours), () => rate(hand)] as const;
    const first = pair % 2 === 0;
    const one = sides[first ? 0 : 1]();
    const other = sides[first ? 1 : 0]();
    const [a, b] = first ? [one, other] : [other, one];
    if (JSON.stringify(a.result) !== JSON.stringify(b.result)) {
      throw new Error(`the two sides differ: ${JSON.stringify(a.result)} and ${JSON.stringify(b.result)}`);
    }
    if (pair >= 0) rounds.push({ ours: a.perSecond, hand: b.perSecond }); // the first ones warm up
  }
  return {
    ours: median(rounds.map((round) => round.ours)),
    hand: median(rounds.map((round) => round.hand)),
    ratio: median(rounds.map((round) => round.ours / round.hand)),
  };
}

export const bench: Bench = {
  name: 'graph',
  summary: 'Messages per second through a compiled flow of 10 stages, over the same RxJS operators by hand.',
  async run(report, log, signal) {
    const cases = [
      ['graph', compiled, realSteps, 'stages written as handlers'],
      ['info.graph.operators', compiledRaw, realSteps, 'stages written as RxJS operators'],
      ['info.graph.bare', compiled, bareSteps, 'stages that do next to nothing'],
    ] as const;
    for (const [name, ours, steps, what] of cases) {
      log(`${name}: ${pairs} pairs of ${count} messages, ${what}`);
      const {
        ours: value,
        hand: reference,
        ratio,
      } = compare(
        () => ours(steps),
        () => byHand(steps),
        signal,
      );
      report({ name, value, unit: 'msg/s', reference, ratio, detail: { what, pairs, messages: count } });
      await Promise.resolve();
    }
  },
};
