import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#test/support/quaywatch';
import { DemoBelt } from './belt.ts';
import { keepBelt, keptBelt } from './kept-belt.ts';
import { demoScript } from './script.ts';

const [began, later] = [Date.parse('2026-03-01T08:00:00Z'), Date.parse('2026-03-01T09:00:00Z')];

test('a demo that is started again has the same ore below every sensor, of the same lot, which waits until it is fed', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'belt.json');
  const { shipCall, ...bare } = keptBelt(file, began);
  const belt = new DemoBelt(demoScript, bare);
  for (let s = 0; s < 65; s++) belt.step(1);
  belt.feed();
  for (let s = 0; s < 300; s++) belt.step(1);
  keepBelt(file, { shipCall, ...belt.kept });

  const kept = keptBelt(file, later);
  expect(kept.shipCall).toBe('0301080000');
  const again = new DemoBelt(demoScript, kept);
  again.step(1);
  expect(again.stands).toBe(true);
  expect(again.tonnes).toBe(300);
  for (const offsetM of [0, 6, 12, 15]) expect(again.tonneAt(offsetM)).toEqual(belt.tonneAt(offsetM));
  again.feed();
  again.step(1);
  expect(again.tonnes).toBe(301);
});

test('a file that is no belt begins another', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'belt.json');
  for (const text of ['', '{"metres":-1}', 'null']) {
    writeFileSync(file, text);
    expect(keptBelt(file, later)).toEqual({ shipCall: '0301090000', metres: 0 });
  }
});
