import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FileDamage, KeptFile } from './kept-file.ts';

let folder: string;
let damages: FileDamage[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-'));
  damages = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name = 'f') => join(folder, name);
const kept = (name = 'f') =>
  new KeptFile({
    file: at(name),
    usable: (text) => text.startsWith('good'),
    onDamage: (damage) => damages.push(damage),
  });

test('what was written is read, by the next process too, and nothing is told', () => {
  expect(kept().read()).toBeUndefined();
  kept().write('good 1');
  expect(kept().read()).toBe('good 1');
  kept().write('good 2');
  expect(kept().read()).toBe('good 2');
  kept().remove();
  expect(kept().read()).toBeUndefined();
  expect(damages).toEqual([]);
});

test('whatever happens to one of the two, the text is there, the damage is aside and told, and the next start is whole', () => {
  let n = 0;
  const hurt = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.nat(40));
  fc.assert(
    fc.property(fc.boolean(), hurt, (copy, damage) => {
      const name = `p-${n++}`;
      const file = copy ? `${at(name)}.copy` : at(name);
      kept(name).write('good äöü');
      const before = readFileSync(file);
      if (typeof damage === 'number') truncateSync(file, damage % before.length);
      else writeFileSync(file, damage);
      damages = [];
      expect(kept(name).read()).toBe('good äöü');
      expect(damages).toMatchObject([{ file, restored: true }]);
      expect(readFileSync(damages[0]?.aside ?? '')).not.toEqual(before);
      expect(kept(name).read()).toBe('good äöü');
      expect(readFileSync(file, 'utf8')).toContain('good äöü');
      expect(damages).toHaveLength(1);
    }),
    { numRuns: 60 },
  );
});

test('an end between the two writings is no damage: the later text counts', () => {
  kept().write('good 1');
  const before = readFileSync(at());
  kept().write('good 2');
  writeFileSync(at(), before);
  expect(kept().read()).toBe('good 2');
  expect(readFileSync(at(), 'utf8')).toBe('good 2');
  expect(damages).toEqual([]);
});

test('a file without a copy gets one, if it can be used', () => {
  writeFileSync(at(), 'good old');
  expect(kept().read()).toBe('good old');
  writeFileSync(at(), 'good new'); // which the copy gainsays
  expect(kept().read()).toBe('good old');
});

test('when both are damaged nothing of it counts, and both are kept for whoever wants to look', () => {
  kept().write('good');
  writeFileSync(at(), 'bad');
  writeFileSync(`${at()}.copy`, 'bad too');
  expect(kept().read()).toBeUndefined();
  expect(damages.map(({ restored }) => restored)).toEqual([false, false]);
  expect(readdirSync(folder).every((name) => name.includes('.damaged-'))).toBe(true);
  expect(kept().read()).toBeUndefined();
  expect(damages).toHaveLength(2);
});
