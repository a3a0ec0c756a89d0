import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '#flows/event';
import { quaywatch, runQuaywatch, temporaryFolder, until } from '../support/quaywatch.ts';
import {
  busFixes,
  type Fix,
  noTracks,
  positionLine,
  squaresAround,
  vesselFixes,
} from '../support/recordings.ts';

/** Real recordings through `flow run`: the same bytes however the input was cut, and after a kill. */
function flowFor(fixes: readonly Fix[], halfDeg: number) {
  const fences = squaresAround(fixes, 25, halfDeg);
  return {
    id: 'recorded',
    version: 1,
    nodes: [
      { id: 'in', driver: 'mqtt-json', config: { url: 'mqtt://127.0.0.1:1', topic: 'x' } },
      { id: 'fences', stage: 'geofence', config: { fences, dwellSeconds: 120, hysteresisM: 5 } },
      { id: 'busy', stage: 'window', config: { sizeSeconds: 600, aggregates: { n: { fn: 'count' } } } },
      { id: 'out', stage: 'emit', config: {} },
    ],
    wires: [
      { from: 'in', to: 'fences' },
      { from: 'in', to: 'busy' },
      { from: 'fences', to: 'out' },
      { from: 'busy', to: 'out' },
    ],
  };
}

interface Recording {
  readonly name: string;
  readonly fixes: () => Fix[];
  readonly halfDeg: number;
}
const recordings: readonly Recording[] = [
  { name: 'a vessel with a shared identity', fixes: vesselFixes, halfDeg: 0.05 },
  { name: 'buses on a fixed route', fixes: busFixes, halfDeg: 0.002 },
];

describe.skipIf(noTracks)('a recording through flow run (needs ../shared/data/tracks)', () => {
  const folder = temporaryFolder();
  const runs = new Map<string, { flow: string; lines: string[]; whole: string }>();

  beforeAll(async () => {
    for (const { name, fixes, halfDeg } of recordings) {
      const flow = join(folder.path, `flow-${runs.size}.json`);
      writeFileSync(flow, JSON.stringify(flowFor(fixes(), halfDeg)));
      const lines = fixes().map(positionLine);
      const { code, stdout, stderr } = await runQuaywatch(['flow', 'run', flow], `${lines.join('\n')}\n`);
      expect([code, stderr]).toEqual([0, '']);
      runs.set(name, { flow, lines, whole: stdout });
    }
    return () => folder[Symbol.dispose]();
  }, 120_000);

  const of = (name: string) => runs.get(name) as { flow: string; lines: string[]; whole: string };

  test.each(recordings)('$name: enters, leaves and stays are found', ({ name }) => {
    const types = of(name)
      .whole.trim()
      .split('\n')
      .map((text) => (JSON.parse(text) as Event).type);
    expect(types).toContain('quaywatch.fence.enter');
    expect(types).toContain('quaywatch.fence.exit');
  });

  test.each(recordings)(
    '$name: cut into pieces at random, the pieces give the same bytes',
    async ({ name }) => {
      const { flow, lines, whole } = of(name);
      const cuts = fc.uniqueArray(fc.integer({ min: 1, max: lines.length - 1 }), {
        minLength: 1,
        maxLength: 3,
      });
      await fc.assert(
        fc.asyncProperty(cuts, async (unsorted) => {
          using state = temporaryFolder();
          const at = [0, ...unsorted.sort((a, b) => a - b), lines.length];
          let together = '';
          for (let piece = 1; piece < at.length; piece++) {
            const hold = piece < at.length - 1 ? ['--hold'] : [];
            const input = `${lines.slice(at[piece - 1], at[piece]).join('\n')}\n`;
            const run = await runQuaywatch(['flow', 'run', flow, '--state', state.path, ...hold], input);
            together += run.stdout;
          }
          expect(together).toBe(whole);
        }),
        { numRuns: 2 },
      );
    },
    180_000,
  );

  test.each(recordings)(
    '$name: killed in the middle and started again, the same events',
    async ({ name }) => {
      const { flow, lines, whole } = of(name);
      using state = temporaryFolder();
      const args = ['flow', 'run', flow, '--state', state.path];
      // The input stays open after two thirds, so that the kill comes while the run waits for more.
      const running = quaywatch(args, undefined, { keepOpen: true });
      running.child.stdin?.write(`${lines.slice(0, Math.floor((lines.length * 2) / 3)).join('\n')}\n`);
      await until(() => existsSync(join(state.path, 'run.db-wal')) && running.stdout().length > 0);
      await running.stop('SIGKILL');
      const again = await runQuaywatch(args, `${lines.join('\n')}\n`);
      const seen = new Map<number, string>();
      for (const text of `${running.stdout()}${again.stdout}`.trim().split('\n')) {
        const complete = text.endsWith('}') ? text : undefined;
        if (!complete) continue; // a line that the kill cut off
        const { sequence } = JSON.parse(complete) as Event;
        expect(seen.get(sequence) ?? complete, `event ${sequence} twice and different`).toBe(complete);
        seen.set(sequence, complete);
      }
      const inOrder = [...seen.entries()].sort(([a], [b]) => a - b).map(([, text]) => text);
      expect(`${inOrder.join('\n')}\n`).toBe(whole);
    },
    120_000,
  );
});
