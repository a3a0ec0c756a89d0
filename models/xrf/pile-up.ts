/**
 * Where two photons come as one: the spectrum from a channel on folded with itself, of area 1. Channels are shifted by what the axis begins
 * with, so that energies add and not channels.
 */
export function pileUpShape(spectrum: Float64Array, offsetChannels: number, from = 0): Float64Array {
  const size = spectrum.length;
  const counts = spectrum.map((count, i) => (i < from ? 0 : count));
  const sum = new Float64Array(size);
  const shift = Math.round(offsetChannels);
  for (let i = 0; i < size; i++) {
    const one = counts[i] as number;
    if (one === 0) continue;
    const end = Math.min(size, size - i - shift);
    for (let j = Math.max(0, -i - shift); j < end; j++)
      sum[i + j + shift] = (sum[i + j + shift] as number) + one * (counts[j] as number);
  }
  const total = sum.reduce((all, value) => all + value, 0);
  return total > 0 ? sum.map((value) => value / total) : sum;
}
