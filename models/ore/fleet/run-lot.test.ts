import { spawnSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { oreStages } from '#flows/ore/assessment';
import type { Policy } from '#flows/ore/policy';
import { usualRules, WindowTest } from '#flows/ore/scan-test';
import { openOreWorld } from '../../physics/ore/berth.ts';
import { Random } from '../../physics/xray/random.ts';
import { readTable } from '../../table-file.ts';
import { OreJudge } from '../judge.ts';
import { readOreTables } from '../open.ts';
import { PictureJudge } from '../pictures.ts';
import { OtherSensors } from './other-sensors.ts';
import { badFromT, planLot, planOther } from './plan.ts';
import { ReadBerth } from './read-berth.ts';
import { runLot } from './run-lot.ts';

vi.setConfig({ testTimeout: 90_000 });

const [world, tables] = [openOreWorld(), readOreTables()];
const { brands, unseen } = world.materials;
const counts = { brands: brands.length, unseen: unseen.length };
const clean = planLot(0, false, brands.length, 1, world.materials.wastes.length, 7, new Random(3));

test('each kind of bad lot is bad from where its plan says', () => {
  const random = new Random(5);
  expect(badFromT(clean)).toBeUndefined();
  for (let at = 0; at < 50; at++) {
    const other = planOther(clean, 'other brand', at, counts, random);
    expect(other.declared).not.toBe(other.brand);
    expect(other.declared).toBeLessThan(brands.length);
    expect(badFromT(other)).toBe(0);
    const slug = planOther(clean, 'unseen waste', at, counts, random);
    expect(unseen[slug.slug?.waste ?? -1]).toBeDefined();
    expect(badFromT(slug)).toBe(slug.slug?.fromT);
    for (const kind of ['foreign body', 'source'] as const) {
      const from = badFromT(planOther(clean, kind, at, counts, random)) ?? -1;
      expect(from).toBeGreaterThanOrEqual(0);
      expect(from).toBeLessThan(5000);
    }
  }
});

/** Pictures are coded and decoded as a camera's are: Debian's ffmpeg. */
const codes = spawnSync('ffmpeg', ['-version']).status === 0;

test.runIf(codes)(
  'a source and a foreign body in one lot are told by the stages that are there for them',
  () => {
    const policy = readTable<Policy>('../../../flows/library/iron-ore-import.json', import.meta.url);
    const plan = {
      ...clean,
      bad: true,
      kind: 'source' as const,
      body: { window: 600, what: 'plastic' as const },
      source: { nuclide: 'Cs-137', megabecquerel: 100, depthM: 0.1, atS: 400 } as const,
    };
    const test = new WindowTest({ rules: usualRules, windows: 1000, falseAlarm: 0.00025, detection: 0.3 });
    const covering = ['brand', 'slag', 'elements', 'ignition', 'radiation'] as const;
    const testing = ['anomaly', 'brand', 'inclusion', 'slag'] as const;
    const settings = { policy, stages: oreStages, covering, testing, test, inclusionScore: 0.5 };
    const others = new OtherSensors(world, new PictureJudge(tables.pictures), policy, 2);
    const { record, conclusion } = runLot(
      plan,
      new ReadBerth(world, 1234),
      new OreJudge(tables),
      settings,
      {},
      others,
    );
    const near = (stage: string) =>
      record.alarms.filter((alarm) => alarm.stage === stage).map(({ fromT }) => fromT);
    expect(Math.min(...near('radiation').map((t) => Math.abs(t - 333)))).toBeLessThan(25);
    expect(near('inclusion')).toContain(3000);
    // A large body changes the look of its picture too.
    const besides = record.alarms.filter(({ stage }) => stage !== 'inclusion' && stage !== 'radiation');
    expect(besides.every(({ stage, fromT }) => stage === 'anomaly' && fromT === 3000)).toBe(true);
    expect([conclusion.outcome, conclusion.disposition]).toEqual(['suspect', 'hold']);
    expect(Object.keys(record.byStage).sort()).toEqual([...oreStages]);
  },
);
