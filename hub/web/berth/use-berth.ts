import { useEffect, useState } from 'react';
import type { ApiProblem, BeltView, Board } from '#hub/api/types';

/** Where a berth's screen has its data from: the hub's API, or the box itself. */
export interface BerthSource {
  board(signal: AbortSignal): Promise<Board>;
  /** Undefined where nothing is live, such as in the past. */
  live?(signal: AbortSignal): Promise<BeltView | null>;
  problem(error: unknown): ApiProblem;
}

const boardMs = 3000;
const liveMs = 1000;

export interface BerthData {
  readonly board?: Board;
  readonly view?: BeltView;
  readonly problem?: ApiProblem;
}

/** Asks again and again while it is shown; what is there stays while an answer fails, and the failure is told. */
export function useBerth(source: BerthSource): BerthData {
  const [data, setData] = useState<BerthData>({});
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    setData({});
    const every = (ms: number, ask: () => Promise<void>) => {
      const next = async () => {
        await ask();
        if (!signal.aborted) setTimeout(next, ms);
      };
      void next();
    };
    every(boardMs, async () => {
      try {
        const board = await source.board(signal);
        if (!signal.aborted) setData(({ problem: _, ...rest }) => ({ ...rest, board }));
      } catch (error) {
        if (!signal.aborted) setData((rest) => ({ ...rest, problem: source.problem(error) }));
      }
    });
    const { live } = source;
    if (live)
      every(liveMs, async () => {
        // A box that is away has no view: its age tells that.
        const view = await live(signal).catch(() => null);
        if (view && !signal.aborted) setData((rest) => ({ ...rest, view }));
      });
    return () => stop.abort();
  }, [source]);
  return data;
}
