import { fenceReader } from '#flows/geo/fences';
import { buildGrid } from '#flows/geo/grid-build';
import { cases, makeFences } from './inputs.ts';

/** A program of its own, since memory is a process's: reads and builds the largest set piece by piece, as a box's thread does. */

const mega = 1_048_576;
const pieceFences = 500;
const many = cases.at(-1);
if (!many) throw new Error('there is no case');
const before = process.memoryUsage.rss();
const reader = fenceReader(many.fences * (many.vertices + 1));
let readUs = 0;
for (let piece = 0; piece < many.fences / pieceFences; piece++) {
  const { features } = makeFences({ ...many, fences: pieceFences }, piece + 1);
  const named = features.map((feature, i) => ({ ...feature, properties: { id: `${piece}-${i}` } }));
  const begin = process.cpuUsage();
  reader.add(named);
  const { user, system } = process.cpuUsage(begin);
  readUs += user + system;
}
const begin = process.cpuUsage();
const { shapes } = reader.finish();
buildGrid(shapes);
const { user, system } = process.cpuUsage(begin);
const peakMiB = process.resourceUsage().maxRSS / 1024 - before / mega;
process.stdout.write(JSON.stringify({ peakMiB, seconds: (readUs + user + system) / 1e6 }));
