/** Processor time, microseconds, of one call of `work`, over `calls` calls that go round the items. */
export function cpuMicrosOf<Item>(
  items: readonly Item[],
  calls: number,
  work: (item: Item) => unknown,
): number {
  const begin = process.cpuUsage();
  for (let call = 0; call < calls; call++) work(items[call % items.length] as Item);
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / calls;
}
