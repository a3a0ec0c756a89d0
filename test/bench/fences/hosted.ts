import { execFile } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FenceBuilder } from '#edge/fences/builder';
import type { Row } from '../bench.ts';
import { type Case, makeFences } from './inputs.ts';

const edits = 1000;
const aims = { megabytes: 300, seconds: 10 };

/** Run from source, the program is the built one all the same. */
const program = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../../dist/test/bench/fences/peak.js' : './peak.js',
    import.meta.url,
  ),
);

/** The largest set: processor time and memory above that of an empty process. */
export async function measurePeak(): Promise<Row[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-semi-space-size=4', program]);
  const { peakMiB, seconds } = JSON.parse(stdout) as { peakMiB: number; seconds: number };
  const row = (name: string, value: number, unit: string, reference: number): Row => ({
    name: `info.fences.${name}.100000x64`,
    value,
    unit,
    reference,
    ratio: reference / value,
  });
  return [row('peak', peakMiB, 'MiB', aims.megabytes), row('cpu', seconds, 's', aims.seconds)];
}

/** A set built as a box builds it, in a thread beside its messages, and edits of it. */
export async function measureHosted(one: Case): Promise<Row[]> {
  const { features } = makeFences(one);
  const builder = new FenceBuilder();
  await builder.build('first', features.slice(0, 10));
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const time = async (name: string, count: number): Promise<Row> => {
    delay.reset();
    delay.enable();
    const begin = performance.now();
    await builder.build(name, features.slice(0, count));
    const value = (performance.now() - begin) / 1000;
    delay.disable();
    const detail = { fences: count, vertices: one.vertices, longestPauseMs: Math.round(delay.max / 1e6) };
    return { name: `info.fences.hosted.${name}`, value, unit: 's', detail };
  };
  const rows = [await time('build', features.length), await time('edit', edits)];
  await builder.close();
  return rows;
}
