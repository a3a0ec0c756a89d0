import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseFlow } from '#flows/parse';
import { openOreModels } from '#models/ore/models';
import { openOreWorld } from '#models/physics/ore/berth';
import { Random } from '#models/physics/xray/random';
import { libraryFolder } from '../../demo/layout.ts';
import type { CommandIo } from '../command.ts';
import { shippedPolicy } from './policy.ts';
import { WeekBelt } from './weeks/belt.ts';
import { runLives } from './weeks/lives.ts';
import { lookingOnce, PicturePool } from './weeks/pictures.ts';
import { planWeeks, shipHours } from './weeks/plan.ts';
import { print, type WeeksResult } from './weeks/print.ts';
import { WeekScore } from './weeks/score.ts';

export interface WeeksCall {
  readonly ships: number;
  readonly lotT: number;
  readonly seed: number;
  /** Kills of the run a ship. */
  readonly kills: number;
  /** Clean pictures of each brand. */
  readonly pictures: number;
  readonly json: boolean;
}

const start = Date.parse('2026-12-01T06:00:00Z');

/** Lines of a recording in a tonne of ore, about: kills are drawn over all of them. */
const linesPerTonne = 5.4;

function heapMiB(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

function shippedFlow() {
  const parsed = parseFlow(readFileSync(join(libraryFolder, 'iron-ore-berth.flow.yaml'), 'utf8'));
  if (!('document' in parsed)) throw new RangeError('The flow of the berth cannot be read.');
  return parsed.document;
}

/** Weeks of ships through the shipped flow. */
export async function runWeeks(
  call: WeeksCall,
  io: Pick<CommandIo, 'signal' | 'stderr'>,
): Promise<WeeksResult> {
  const world = openOreWorld();
  const ships = planWeeks(world.materials, call.ships, call.lotT, call.seed);
  const lots = ships.flatMap((ship) => ship.lots);
  const pool = new PicturePool(world, call.pictures);
  const belt = new WeekBelt(world, pool, call.lotT, call.seed, start);
  const score = new WeekScore(lots);
  const policy = shippedPolicy();
  const ore = lookingOnce(openOreModels({ frames: pool }));
  const heaps: number[] = [];
  const random = new Random(call.seed, 34);
  const about = (call.lotT * lots.length * linesPerTonne) | 0;
  const kills = new Set(Array.from({ length: call.kills * call.ships }, () => random.integer(1000, about)));
  const began = performance.now();
  const errors = new Map<string, number>();
  const lasts = new Set(ships.map((ship) => ship.lots.at(-1)?.id));
  const done = await runLives({
    document: shippedFlow(),
    resources: {
      fenceSet: (name: string) => (name === policy.id || name === 'iron-ore-import' ? policy : undefined),
      frames: pool,
      ore,
    },
    lines: belt.lines(ships),
    killsAfter: (line) => kills.has(line),
    signal: io.signal,
    onEvent(event, at) {
      score.take(event, at);
      if (event.type === 'quaywatch.instrument.drift' && String(event.data.check).startsWith('white.'))
        belt.lampTold();
      if (event.type !== 'quaywatch.lot.verdict' || !lasts.has(event.subject)) return;
      heaps.push(heapMiB());
      const seconds = (performance.now() - began) / 1000;
      io.stderr.write(
        `ship ${heaps.length} of ${call.ships}, ${seconds.toFixed(0)} s, heap ${heaps.at(-1)?.toFixed(0)} MiB\n`,
      );
    },
    onError({ code }) {
      errors.set(code, (errors.get(code) ?? 0) + 1);
    },
  });
  return {
    call,
    days: (call.ships * shipHours) / 24,
    rows: score.rows(call.lotT, !io.signal.aborted),
    drifts: score.drifts,
    replaced: belt.replaced,
    stray: score.stray,
    heaps,
    events: score.events,
    chars: score.chars,
    errors: [...errors],
    ...done,
  };
}

/** Prints a table, also of what was done when it is interrupted; 1 then, and when a verdict was wrong, something alarmed for nothing, or memory grew. */
export async function weeks(call: WeeksCall, io: CommandIo): Promise<number> {
  io.stderr.write(
    'Simulated ore, instruments and pictures alone; a clock that runs as fast as this machine can.\n',
  );
  const result = await runWeeks(call, io);
  const code = print(result, call.json, io);
  return io.signal.aborted ? 1 : code;
}
