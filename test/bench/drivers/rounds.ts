/** One side of a comparison: does all its work once and tells how much it read. */
export interface Side {
  readonly name: string;
  run(): number | Promise<number>;
}

export interface Figure {
  readonly name: string;
  /** Per second of one core's time (user and system), median of the rounds. */
  readonly perSecond: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/**
 * Runs the sides in turn, `rounds` times after two that warm up, and counts by the time of the processor: what else
 * runs on the machine takes none of it. `count`: what one run works through.
 */
export async function alternate(
  sides: readonly Side[],
  count: number,
  rounds: number,
  signal: AbortSignal,
): Promise<{ figures: readonly Figure[]; ratio: (ours: string, peer: string) => number }> {
  const taken = new Map(sides.map(({ name }) => [name, [] as number[]]));
  for (let round = -2; round < rounds; round++)
    for (const { name, run } of round % 2 === 0 ? sides : sides.toReversed()) {
      signal.throwIfAborted();
      const before = process.cpuUsage();
      const read = await run();
      const { user, system } = process.cpuUsage(before);
      if (read <= 0) throw new Error(`${name} read nothing`);
      if (round >= 0) taken.get(name)?.push(count / ((user + system) / 1e6));
    }
  const of = (name: string) => taken.get(name) ?? [];
  return {
    figures: sides.map(({ name }) => ({ name, perSecond: median(of(name)) })),
    ratio: (ours, peer) => median(of(ours).map((mine, i) => mine / (of(peer)[i] as number))),
  };
}
