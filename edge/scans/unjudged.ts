import type { FlowDocument } from '#flows/flow';
import type { Emit } from './announce.ts';
import type { Scans } from './scans.ts';

/** Beyond what the stages of a flow wait themselves, ms. */
const marginMs = 10_000;
/** What their schemas say where a document says nothing, seconds. */
const silenceSeconds = 60;
const deadlineSeconds = 15;

/**
 * How long after its start a box may still conclude scans from before it, ms: a model's silence, the verdict's and
 * its deadline. Undefined: nothing in its flows concludes anything of a scan.
 */
export function patienceMs(documents: Iterable<FlowDocument>): number | undefined {
  const waits = [...documents].flatMap(({ nodes }) => {
    const configs = (stage: string) =>
      nodes.flatMap((node) => ('stage' in node && node.stage === stage ? [node.config] : []));
    const longest = (stage: string, field: string, otherwise: number) =>
      Math.max(0, ...configs(stage).map((config) => Number(config?.[field] ?? otherwise)));
    if (configs('verdict').length === 0) return [];
    const seconds =
      longest('infer', 'silenceSeconds', silenceSeconds) +
      longest('verdict', 'silenceSeconds', silenceSeconds) +
      longest('verdict', 'deadlineSeconds', deadlineSeconds);
    return [seconds * 1000 + marginMs];
  });
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

export interface LeftOversOptions {
  readonly scans: Scans;
  readonly emit: Emit;
  readonly now: () => number;
  /** As of `patienceMs`. */
  readonly waitMs: number | undefined;
}

/**
 * A box that was killed before a scan's first strips were committed has a scan that no flow knows of. What nothing
 * has judged after all that could have done so is judged `none`. Returns the way to stop.
 */
export function judgeLeftOvers({ scans, emit, now, waitMs }: LeftOversOptions): () => void {
  const left = scans.unjudged();
  if (left.length === 0 || waitMs === undefined) return () => undefined;
  const judge = () => {
    const still = new Set(scans.unjudged());
    for (const scan of left.filter((one) => still.has(one))) {
      emit(
        {
          type: 'quaywatch.scan.verdict',
          subject: scan,
          priority: 'verdict',
          stage: 'scans',
          time: new Date(now()).toISOString(),
          data: {
            scan,
            outcome: 'none',
            confidence: 0,
            reasons: ['The box was stopped in the middle of the scan: too little of it is known.'],
            findings: [],
            models: [],
          },
        },
        () => scans.judged(scan),
      );
    }
  };
  const timer = setTimeout(judge, waitMs);
  return () => clearTimeout(timer);
}
