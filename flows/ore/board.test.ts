import { expect, test } from 'vitest';
import { shipEvents } from '#test/support/berth-events';
import { declaredLot, moment } from '#test/support/ore';
import { emptyBoard, foldBoard } from './board.ts';

test('a board has the lots of a ship, newest first, with increments once each and what was concluded', async () => {
  const board = emptyBoard();
  const events = await shipEvents();
  for (const event of [...events, ...events.slice(-5)]) foldBoard(board, event);
  expect(board.lots.map(({ lot }) => lot)).toEqual(['L-2602', 'L-2601']);
  for (const { increments } of board.lots)
    expect(increments.map(({ increment }) => increment)).toEqual(Array.from({ length: 35 }, (_, i) => i));
  expect(board.lots[0]?.verdict?.outcome).toBe('suspect');
});

test('of many lots it keeps the increments of the newest few', () => {
  const board = emptyBoard();
  for (let n = 0; n < 60; n++) {
    const event = { time: moment(n), subject: `L-${n}` };
    foldBoard(board, {
      ...event,
      type: 'quaywatch.lot.announced',
      data: { declared: declaredLot(`L-${n}`) },
    });
    const data = {
      increment: 0,
      massKg: 1,
      fromT: 0,
      to: moment(n),
      outcome: 'clear',
      coverage: 1,
      reasons: [],
      values: {},
      stages: {},
    };
    foldBoard(board, { ...event, type: 'quaywatch.increment.assessed', data });
  }
  expect(board.lots).toHaveLength(30);
  expect(board.lots.filter(({ increments }) => increments.length > 0)).toHaveLength(3);
});

test('an instrument that is out stays so until it is restored, whatever else drifts meanwhile', () => {
  const board = emptyBoard();
  const say = (what: string, second: number, check = 'white.level') =>
    foldBoard(board, {
      type: `quaywatch.instrument.${what}`,
      time: moment(second),
      subject: 'nir',
      data: { device: 'nir', check, value: 1 },
    });
  say('drift', 1);
  say('out', 2);
  say('drift', 3);
  expect(board.instruments).toHaveLength(1);
  expect(board.instruments[0]?.state).toBe('out');
  say('restored', 4);
  expect(board.instruments).toEqual([]);
});

test('a drift is over when its check is in control again, or its instrument was calibrated anew', () => {
  const board = emptyBoard();
  const say = (what: string, data: object) =>
    foldBoard(board, {
      type: `quaywatch.instrument.${what}`,
      time: moment(1),
      subject: 'nir',
      data: { device: 'nir', ...data },
    });
  const checks = () => board.instruments.map(({ check, state }) => `${check} ${state}`);
  say('drift', { check: 'white.level', value: 1 });
  say('drift', { check: 'white.tilt', value: 1 });
  say('restored', { check: 'white.tilt', value: 1 });
  expect(checks()).toEqual(['white.level drift']);
  say('out', { check: 'reference.age', value: 4000 });
  say('recalibrated', { what: 'lamp replaced' });
  expect(checks()).toEqual(['reference.age out']);
});
