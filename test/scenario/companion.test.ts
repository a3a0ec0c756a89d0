import { describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { companion } from '#flows/stages/companion';
import { detect } from '#test/bench/tracks/detect';
import { networkOf, streets } from '#test/support/roads';
import { outputsOf } from '#test/support/stage-harness';
import { trafficOf } from '#test/support/traffic';

const network = networkOf(streets(6, 700));

describe('companions in made-up traffic', () => {
  test('are found in sight of each other and minutes apart, and next to nobody else', () => {
    const options = { trucks: 120, convoys: 3, scouts: 3, gates: 16, durationSeconds: 5400, seed: 3 };
    const { near, gates } = detect(trafficOf(network, options), 1e-3);
    // an hour and a half says less than a day does
    expect(near.found / near.planted).toBeGreaterThanOrEqual(0.3);
    expect(near.strangers).toBeLessThanOrEqual(1);
    expect(gates.found / gates.planted).toBeGreaterThanOrEqual(0.3);
    expect(gates.strangers).toBeLessThanOrEqual(1e-3 * 120 * 119 * 0.5);
  });

  test('a seal on its truck is none, however long it rides', () => {
    const options = { trucks: 6, sealed: 1, durationSeconds: 900, seed: 3 };
    const messages = [...trafficOf(network, options).fixes()].map(({ message }) => message);
    const end = Date.parse(messages.at(-1)?.time ?? '');
    const told = outputsOf(
      companion,
      { falseAlarmRate: 1, snapshots: 5 },
      messages.map((message) => ({ message, atMs: end })),
    ).flatMap((output) => ('message' in output && output.message.kind === 'event' ? [output.message] : []));
    expect(messages.some(({ attributes }) => attributes.seal)).toBe(true);
    expect(told.filter(({ subject }) => subject?.includes('seal'))).toEqual([]);
  });

  test('the stage gives the same whatever order messages come in within the lateness, and wherever it is restarted', () => {
    const traffic = trafficOf(network, { trucks: 5, convoys: 1, durationSeconds: 500, seed: 3, gates: 9 });
    const messages = [...traffic.fixes()].map(({ message }) => message);
    // everyone who is together is told of
    const config = { falseAlarmRate: 1, snapshots: 5, points: 2, latenessSeconds: 40 };
    const end = Date.parse(messages.at(-1)?.time ?? '');
    const steps = (list: readonly Message[]) => list.map((message) => ({ message, atMs: end }));
    const text = (outputs: ReturnType<typeof outputsOf>) =>
      outputs.map((output) => JSON.stringify(output)).sort();
    const straight = text(outputsOf(companion, config, steps(messages)));
    expect(straight.some((each) => each.includes('quaywatch.track.companion'))).toBe(true);
    const shuffled = messages
      .map((message, i) => ({ message, at: Date.parse(message.time ?? '') + ((i * 7919) % 36) * 1000 }))
      .sort((a, b) => a.at - b.at)
      .map(({ message }) => message);
    expect(text(outputsOf(companion, config, steps(shuffled)))).toEqual(straight);
    expect(text(outputsOf(companion, config, steps(messages), [60, 151]))).toEqual(straight);
  });
});
