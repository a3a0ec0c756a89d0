import { type Chain, type Fix, Matcher, newChain } from '#flows/roads/match';
import { matchDefaults } from '#flows/roads/rules';
import { Companions } from '#flows/tracks/companions';
import { networkOf, streets } from '#test/support/roads';
import { trafficOf } from '#test/support/traffic';
import type { Bench, Row } from './bench.ts';
import { quantile } from './statistics.ts';
import { Crowd } from './tracks/crowd.ts';
import { companionRules, detect } from './tracks/detect.ts';
import { measureLive } from './tracks/live.ts';
import { detectSeparations } from './tracks/separations.ts';

type Report = (row: Row) => void;

/** What the paper on FMM reports for one core (Yang and Gidofalvi 2018), fixes a second. */
const publishedRate = 25_000;
const vehicles = 50_000;
const planted = 50;
const snapshots = 90;
const snapshotS = 10;

/** Seconds of processor time that `work` took: what others do on the machine is left out as far as can be. */
function cpuSeconds(work: () => void): number {
  const begin = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

/** Fixes of many trucks in a city of 900 junctions, matched each at its own lag. */
function measureMatching(report: Report): void {
  const network = networkOf(streets(30, 250));
  const traffic = trafficOf(network, { trucks: 400, durationSeconds: 600 });
  const fixes = [...traffic.fixes()].flatMap(({ message, truly }) =>
    message.kind === 'position' && truly
      ? [{ device: message.device ?? '', fix: message as Fix, truly }]
      : [],
  );
  const matcher = new Matcher(network, matchDefaults);
  const rates: number[] = [];
  let [right, moving] = [0, 0];
  for (let round = 0; round < 5; round++) {
    const chains = new Map<string, Chain<number>>();
    const count = (settled: ReturnType<typeof matcher.end<number>>) => {
      for (const { item, at } of settled) {
        const truly = fixes[item]?.truly;
        if (round > 0 || !truly || truly.speedKph < 5) continue;
        moving += 1;
        if (at && network.pieces[at.piece]?.road === network.pieces[truly.piece]?.road) right += 1;
      }
    };
    const seconds = cpuSeconds(() => {
      for (const [i, { device, fix }] of fixes.entries()) {
        const chain = chains.get(device) ?? newChain<number>();
        chains.set(device, chain);
        count(matcher.add(chain, i, fix));
      }
      for (const chain of chains.values()) count(matcher.end(chain));
    });
    rates.push(fixes.length / seconds);
  }
  const value = quantile(rates, 0.5);
  const detail = { fixes: fixes.length, junctions: network.junctions.lon.length, noiseM: 5, rounds: rates };
  report({
    name: 'tracks.match',
    value,
    unit: 'points/s',
    reference: publishedRate,
    ratio: value / publishedRate,
    detail,
  });
  report({
    name: 'info.tracks.match.right',
    value: right / moving,
    unit: 'share',
    detail: { moving, simulated: true },
  });
}

/** Fifty thousand vehicles on a grid of streets, fifty pairs of which go together. */
function measureCompanions(report: Report, signal: AbortSignal): void {
  const crowd = new Crowd(vehicles, planted, 1);
  const companions = new Companions(companionRules);
  for (const name of crowd.names) companions.movers.take(name);
  const found = new Set<string>();
  const costs: number[] = [];
  for (let number = 1; number <= snapshots; number++) {
    signal.throwIfAborted();
    const places = crowd.next(snapshotS);
    costs.push(
      cpuSeconds(() => {
        for (const { pair } of companions.snapshot(number, places).found) found.add(`${pair.a}+${pair.b}`);
      }),
    );
  }
  const pairs = Array.from({ length: planted }, (_, i) => crowd.pair(i).join('+'));
  const missed = pairs.filter((pair) => !found.has(pair));
  const percent = (100 * quantile(costs, 0.5)) / snapshotS;
  const { total } = companions.background;
  const strangers = found.size - (planted - missed.length);
  const detail = { vehicles, planted, missed: missed.length, strangers, meetings: total, snapshots };
  report({
    name: 'tracks.companions',
    value: percent,
    unit: '% of a core',
    reference: 1,
    ratio: 1 / percent,
    detail,
  });
  report({ name: 'info.tracks.companions.found', value: 1 - missed.length / planted, unit: 'share', detail });
  report({
    name: 'info.tracks.companions.false',
    value: strangers / Math.max(1, total),
    unit: 'share',
    reference: companionRules.falseAlarmRate,
    detail,
  });
}

/** What is found of what was planted in made-up traffic, at one rate of false alarms. */
function measureDetection(report: Report, log: (line: string) => void): void {
  const falseAlarmRate = 1e-4;
  const network = networkOf(streets(6, 700));
  const hours = 2;
  log(`traffic of ${hours} h`);
  const options = { trucks: 200, convoys: 5, scouts: 5, gates: 16, durationSeconds: hours * 3600, seed: 3 };
  const { near, gates } = detect(trafficOf(network, options), falseAlarmRate);
  for (const [tier, each] of Object.entries({ near, gates })) {
    const detail = { ...each, falseAlarmRate, hours, simulated: true };
    report({ name: `info.tracks.detect.${tier}`, value: each.found / each.planted, unit: 'share', detail });
  }
  const separations = detectSeparations(
    trafficOf(network, {
      trucks: 120,
      sealed: 0.5,
      substitutions: 10,
      separations: 10,
      durationSeconds: 5400,
      seed: 5,
    }),
  );
  const detail = { ...separations, simulated: true };
  report({
    name: 'info.tracks.detect.separation',
    value: separations.found / Math.max(1, separations.planted),
    unit: 'share',
    detail,
  });
}

export const bench: Bench = {
  name: 'tracks',
  summary:
    'map matching beside the published rate of FMM, companions among 50,000 vehicles, what is found of what was planted, and positions of 2,000 vehicles to events at the hub',
  async run(report, log, signal) {
    log('map matching');
    measureMatching(report);
    log('companions');
    measureCompanions(report, signal);
    await Promise.resolve();
    signal.throwIfAborted();
    measureDetection(report, log);
    signal.throwIfAborted();
    await measureLive(report, log);
  },
};
