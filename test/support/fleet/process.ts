import { readFileSync } from 'node:fs';
import { FleetBox, type FleetIdentity } from './box.ts';

/** What a process of boxes is told. */
export type FleetOrder =
  | { readonly kind: 'stop' | 'look' }
  /** Every box dials, spread over `overMs`. */
  | { readonly kind: 'start'; readonly overMs: number }
  /** Every box sends `batches` of `events` each, spread over `overMs`. */
  | { readonly kind: 'say'; readonly events: number; readonly batches: number; readonly overMs: number };

/** What it answers to every order. */
export interface FleetLook {
  readonly up: number;
  readonly said: number;
  readonly answered: number;
  /** Moments at which links came up, and fell, since the last look, epoch ms. */
  readonly ups: number[];
  readonly downs: number[];
  /** From sending to the answer, since the last look, ms. */
  readonly waits: number[];
  readonly refusals: string[];
  /** Why links are down, by code, for a message about it. */
  readonly problems: Readonly<Record<string, number>>;
}

const boxes = (JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as FleetIdentity[]).map(
  (identity) => new FleetBox(identity),
);
const sum = (of: (box: FleetBox) => number): number => boxes.reduce((total, box) => total + of(box), 0);

function look(): FleetLook {
  const problems: Record<string, number> = {};
  for (const { link } of boxes) {
    const { problem } = link.state;
    if (link.up || !problem) continue;
    const name = `${problem.code}: ${problem.message}`;
    problems[name] = (problems[name] ?? 0) + 1;
  }
  return {
    up: boxes.filter(({ link }) => link.up).length,
    said: sum(({ said }) => said),
    answered: sum(({ upto }) => upto),
    ups: boxes.flatMap((box) => box.ups.splice(0)),
    downs: boxes.flatMap((box) => box.downs.splice(0)),
    waits: boxes.flatMap((box) => box.waits.splice(0)),
    refusals: boxes.flatMap((box) => box.refusals.splice(0)),
    problems,
  };
}

async function obey(order: FleetOrder): Promise<void> {
  if (order.kind === 'start')
    for (const [n, { link }] of boxes.entries())
      setTimeout(() => link.start(), (n * order.overMs) / boxes.length);
  if (order.kind === 'say')
    for (const [n, box] of boxes.entries())
      for (let batch = 0; batch < order.batches; batch += 1)
        setTimeout(() => box.say(order.events), ((n / boxes.length + batch) * order.overMs) / order.batches);
  if (order.kind === 'stop') await Promise.all(boxes.map(({ link }) => link.stop()));
  process.send?.(look());
}

process.on('message', (order: FleetOrder) => void obey(order));
process.on('disconnect', () => process.exit());
