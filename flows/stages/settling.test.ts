import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import type { EventDraft } from '#flows/message';
import { process } from '#flows/process';
import { defineStage } from '#flows/stage';
import { at, atMs, position } from '#test/support/messages';
import { runStage } from '#test/support/stage-harness';
import { type Corrigible, corrections, type Told } from './corrections.ts';
import { eventAbout } from './fixes.ts';
import { hygiene } from './hygiene.ts';
import { layerOver } from './layer.ts';
import { tiers } from './tiers.ts';
import { eventTime, toIso } from './time.ts';

/** Numbers messages in order of their time: what is late changes the number of all that come after it. */
const numbering = defineStage({
  type: 'numbering',
  summary: 'Numbers messages.',
  accepts: ['position'],
  emits: ['event'],
  config: Type.Object({ latenessSeconds: Type.Number({ description: 'Lateness.' }) }),
  state: Type.Unknown(),
  build({ latenessSeconds }, ctx) {
    const all = tiers<{ ms: number }>(ctx, {
      latenessMs: latenessSeconds * 1000,
      settleMs: 0,
      compare: () => 0,
      judge({ ms }, memory, tell) {
        const n = Number(memory.get('n') ?? 0) + 1;
        memory.set('n', n);
        tell(eventAbout('quaywatch.track.stop', 'x', toIso(ms), ctx.node, { n }));
      },
    });
    return process(ctx, {
      message: (message, out) => all.take(eventTime(message), { ms: eventTime(message) }, out),
      timer: (key, _atMs, out) => all.timer(key, out),
    });
  },
});

test('what is settled is neither withdrawn by what is late nor kept for ever', () => {
  const run = runStage(numbering, { latenessSeconds: 60 });
  for (let s = 0; s <= 600; s += 10) run.push(position(s, 0, 0));
  run.push(position(575, 0, 0, { received: at(600) }));
  run.advance(atMs(605));
  const told = run.port('out') as EventDraft[];
  const corrections = told.filter(({ data, ...one }) => data.retracted === true || 'corrects' in one);
  expect(corrections.length).toBeGreaterThan(0);
  for (const { time } of corrections) expect(Date.parse(time ?? '')).toBeGreaterThanOrEqual(atMs(575));
  const { told: kept } = JSON.parse(JSON.stringify(run.state.get('c'))) as { told: unknown[] };
  expect(kept.length).toBeLessThan(10);
});

test('a layer forgets what is gone from it and from the state', () => {
  const layer = layerOver({ get: () => undefined });
  for (let i = 0; i < 5000; i++) {
    layer.set(`k${i}`, i);
    if (i >= 10) layer.delete(`k${i - 10}`);
    layer.sweep();
  }
  expect(layer.size).toBeLessThanOrEqual(1000);
  expect(layer.get('k4999')).toBe(4999);
  expect(layer.get('k4000')).toBeUndefined();
});

describe('corrections', () => {
  test('let a position through once, whatever else is said of it later', () => {
    const memory: Corrigible = { told: [], next: 0 };
    const { tell, correct } = corrections('node');
    const out: Told[] = [];
    const take = (message: unknown) => void out.push(message as Told);
    const draft = (segment: number) => ({
      ...(position(10, 1, 2) as Extract<Told, { kind: 'position' }>),
      attributes: { segment },
    });
    tell(memory, '', { atMs: atMs(10), draft: draft(1) }, take);
    correct(memory, '', [{ atMs: atMs(10), draft: draft(2) }], take);
    expect(out).toHaveLength(1);
    expect(memory.told).toMatchObject([{ draft: { attributes: { segment: 2 } } }]);
  });

  test('of a fix that comes twice, `hygiene` passes one on and says what the other is', () => {
    const run = runStage(hygiene, { correctSeconds: 60 });
    for (const s of [0, 10, 10, 20, 10]) run.push(position(s, 20 + s * 1e-4, 0, { received: at(s) }));
    expect(run.port('out')).toHaveLength(3);
    expect(run.port('dropped')).toMatchObject([
      { attributes: { dropped: 'duplicate' } },
      { attributes: { dropped: 'duplicate' } },
    ]);
  });
});
