import { expect, test } from 'vitest';
import { position, reading, seal } from '#test/support/messages';
import { configOf, runStage } from '#test/support/stage-harness';
import { route } from './route.ts';

const config = {
  routes: [
    { port: 'seals', when: 'kind == "seal" && m.state != "locked"' },
    { port: 'moves', when: 'kind == "position" || kind == "seal"' },
  ],
};

test('takes the first condition that holds', () => {
  const run = runStage(route, { ...config, otherwise: 'rest' });
  for (const message of [position(0), seal(1, 'cut'), seal(2, 'locked'), reading(3, 1)]) run.push(message);
  expect(run.outputs).toEqual([
    { port: 'moves', message: position(0) },
    { port: 'seals', message: seal(1, 'cut') },
    { port: 'moves', message: seal(2, 'locked') },
    { port: 'rest', message: reading(3, 1) },
  ]);
});

test('sends the rest out of `out` when nothing else is said', () => {
  const run = runStage(route, config);
  run.push(reading(0, 1));
  expect(run.port('out')).toHaveLength(1);
});

test('names its ports, each once, and never the error port', () => {
  const twice = configOf(route, { routes: [...config.routes, ...config.routes], otherwise: 'rest' });
  expect(route.outputs?.(twice)).toEqual(['seals', 'moves', 'rest']);
  expect(() => configOf(route, { routes: [{ port: 'error', when: 'true' }] })).toThrow('routes[0].port');
  expect(() => configOf(route, { routes: [{ port: 'a', when: '1' }] })).toThrow('routes[0].when');
});

test('sends what a condition fails on out of the error port', () => {
  const run = runStage(route, { routes: [{ port: 'fast', when: 'm.speedKph > 80' }] });
  run.push(position(0));
  expect(run.outputs).toMatchObject([{ error: 'expression.failed' }]);
});
