/** Counts of a radiation portal in one interval, of all its detectors. */
export interface PortalCount {
  readonly timeMs: number;
  readonly counts: number;
  readonly seconds: number;
}

/** Something that went by a portal and raised its counts. */
export interface Pass {
  /** From and to where it is clearly above the background, and when the most was counted. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly peakMs: number;
  /** Counts a second: the background beside it, and at its highest. */
  readonly background: number;
  readonly peak: number;
  /** Deviations of the highest interval above the background. */
  readonly sigmas: number;
  /** Full width at half maximum, s: with the distance, how fast it went. */
  readonly halfWidthS: number;
}

/** Share of the intervals, the lowest, that are taken for background. */
const backgroundShare = 0.1;
/** Intervals that are averaged. */
const smoothing = 3;

/**
 * Passes in a series of counts: where the smoothed rate is so many deviations above the background and more than a share of it. The background is
 * the mean of the lowest tenth of intervals, so a recording has to begin or end beside the object.
 */
export function findPasses(series: readonly PortalCount[], sigmas = 6, leastRatio = 1.3): Pass[] {
  if (series.length < 10) return [];
  const rates = series.map((_, i) => {
    const part = series.slice(Math.max(0, i - smoothing + 2), i + smoothing - 1);
    const seconds = part.reduce((sum, one) => sum + one.seconds, 0);
    return seconds > 0 ? part.reduce((sum, one) => sum + one.counts, 0) / seconds : 0;
  });
  const lowest = [...rates]
    .sort((a, b) => a - b)
    .slice(0, Math.max(1, Math.floor(backgroundShare * rates.length)));
  const background = lowest.reduce((sum, rate) => sum + rate, 0) / lowest.length;
  const deviationAt = (i: number) =>
    Math.sqrt(Math.max(1, background) / Math.max(1e-9, series[i]?.seconds ?? 0));
  const above = rates.map(
    (rate, i) => rate > leastRatio * background && rate - background > sigmas * deviationAt(i),
  );
  const passes: Pass[] = [];
  for (let i = 0; i < rates.length; i++) {
    if (!above[i]) continue;
    let end = i;
    while (above[end + 1]) end++;
    passes.push(passOf(series, rates, i, end, background, deviationAt));
    i = end;
  }
  return passes.filter(({ fromMs, toMs }) => toMs > fromMs);
}

function passOf(
  series: readonly PortalCount[],
  rates: readonly number[],
  from: number,
  to: number,
  background: number,
  deviationAt: (i: number) => number,
): Pass {
  let top = from;
  for (let i = from; i <= to; i++) if ((rates[i] ?? 0) > (rates[top] ?? 0)) top = i;
  const peak = rates[top] ?? 0;
  const half = (peak + background) / 2;
  let [low, high] = [top, top];
  while (low > 0 && (rates[low - 1] ?? 0) > half) low--;
  while (high < rates.length - 1 && (rates[high + 1] ?? 0) > half) high++;
  const at = (i: number) => series[i]?.timeMs ?? 0;
  const seconds = series[high]?.seconds ?? 0;
  return {
    fromMs: at(from),
    toMs: at(to),
    peakMs: at(top),
    background,
    peak,
    sigmas: (peak - background) / deviationAt(top),
    halfWidthS: (at(high) - at(low)) / 1000 + seconds,
  };
}
