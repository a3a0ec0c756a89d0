import { expect, test } from 'vitest';
import type { DeliveryMemory } from '../driver.ts';
import { Interpreter } from './interpret.ts';
import { beltScale } from './profiles/belt-scale.ts';
import { CommittedRegisters } from './remembered.ts';

function memory(): DeliveryMemory {
  let notes: [number, number][] = [];
  return {
    committed: () => [...notes],
    note: (id, digest) => void notes.push([id, digest]),
    forget: () => {
      notes = [];
    },
  };
}

const words = (...values: number[]): Uint8Array =>
  Uint8Array.from(values.flatMap((word) => [word >> 8, word & 0xff]));
/** Sequence and total, in kg. */
const result = (sequence: number, total: number) =>
  words(sequence, 1, 0x4148, 0, total >>> 16, total & 0xffff, 0, 0, 0, 0);
const totalOf = (taken: ReturnType<Interpreter['take']>) =>
  taken.messages.find(({ name }) => name === 'massTotal')?.attributes?.increment;

const started = (kept: DeliveryMemory, about: unknown = 'scale') =>
  new Interpreter(beltScale, 10, new CommittedRegisters(kept, about));

test('after a restart the same result is not taken again, and what the scale counted meanwhile is there', () => {
  const kept = memory();
  started(kept).take(0, result(7, 100_000), 0);
  const next = started(kept);
  expect(next.take(0, result(7, 100_000), 0).messages).toEqual([]);
  expect(next.take(0, result(7, 100_000), 11_000).messages[0]?.quality).toBe('stale');
  expect(totalOf(next.take(0, result(9, 130_000), 12_000))).toBe(30);
});

test('of another device or profile nothing is known', () => {
  const kept = memory();
  started(kept).take(0, result(7, 100_000), 0);
  const other = started(kept, 'another');
  const first = other.take(0, result(7, 130_000), 0);
  expect(first.messages).toHaveLength(4);
  expect(totalOf(first)).toBeUndefined();
  expect(totalOf(started(kept, 'another').take(0, result(8, 140_000), 0))).toBe(10);
});
