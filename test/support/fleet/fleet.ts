import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FleetIdentity } from './box.ts';
import type { FleetLook, FleetOrder } from './process.ts';

/** Beside the compiled tests, or below the sources. */
const program = ['process.js', '../../../dist/test/support/fleet/process.js']
  .map((path) => resolve(import.meta.dirname, path))
  .find((path) => existsSync(path)) as string;

/** Many boxes in a few processes, as one. */
export interface Fleet {
  readonly count: number;
  /** Totals of all; what happened is gathered over the life of the fleet. */
  readonly seen: Pick<FleetLook, 'ups' | 'downs' | 'waits' | 'refusals'>;
  order(order: FleetOrder): Promise<FleetLook>;
  /** Looks until it is so. */
  until(holds: (look: FleetLook) => boolean, what: string, timeoutMs?: number): Promise<FleetLook>;
  /** Ends the links, then the processes. */
  stop(): Promise<void>;
}

function together(looks: readonly FleetLook[]): FleetLook {
  const sum = (of: (look: FleetLook) => number) => looks.reduce((total, look) => total + of(look), 0);
  const problems: Record<string, number> = {};
  for (const look of looks)
    for (const [name, count] of Object.entries(look.problems)) problems[name] = (problems[name] ?? 0) + count;
  return {
    up: sum(({ up }) => up),
    said: sum(({ said }) => said),
    answered: sum(({ answered }) => answered),
    ups: looks.flatMap(({ ups }) => ups),
    downs: looks.flatMap(({ downs }) => downs),
    waits: looks.flatMap(({ waits }) => waits),
    refusals: looks.flatMap(({ refusals }) => refusals),
    problems,
  };
}

/** Starts the processes; the boxes dial when they are told to. */
export async function startFleet(identities: readonly FleetIdentity[], processes = 4): Promise<Fleet> {
  const folder = await mkdtemp(join(tmpdir(), 'quaywatch-fleet-'));
  const children = await Promise.all(
    Array.from({ length: processes }, async (_, n) => {
      const file = join(folder, `${n}.json`);
      const own = identities.filter((_identity, i) => i % processes === n);
      await writeFile(file, JSON.stringify(own), { mode: 0o600 });
      return fork(program, [file], { serialization: 'advanced', execArgv: [] });
    }),
  );
  const died = Promise.race(children.map((child) => once(child, 'exit'))).then(() => {
    throw new Error('a process of boxes has ended');
  });
  died.catch(() => undefined);
  const seen: Fleet['seen'] = { ups: [], downs: [], waits: [], refusals: [] };
  async function order(what: FleetOrder): Promise<FleetLook> {
    const looks = await Promise.all(
      children.map(async (child) => {
        const answer = once(child, 'message') as Promise<[FleetLook]>;
        child.send(what);
        return (await Promise.race([answer, died]))[0];
      }),
    );
    const all = together(looks);
    for (const name of ['ups', 'downs', 'waits'] as const) seen[name].push(...all[name]);
    seen.refusals.push(...all.refusals);
    return all;
  }
  return {
    count: identities.length,
    seen,
    order,
    async until(holds, what, timeoutMs = 180_000) {
      const end = performance.now() + timeoutMs;
      for (;;) {
        const look = await order({ kind: 'look' });
        if (holds(look)) return look;
        const { up, said, answered, problems } = look;
        if (performance.now() > end)
          throw new Error(`${what}: not in time: ${JSON.stringify({ up, said, answered, problems })}`);
        await sleep(100);
      }
    },
    async stop() {
      await order({ kind: 'stop' }).catch(() => undefined);
      for (const child of children) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
