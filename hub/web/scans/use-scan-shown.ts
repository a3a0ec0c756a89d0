import { useMemo } from 'react';
import type { ApiProblem, ScanDetail } from '#hub/api/types';
import { useMoment, usePast, useScreen } from '../parts/screen-context.tsx';
import { scanAt } from '../state/scans.ts';
import { useStore } from '../state/store.ts';

interface Shown {
  readonly shown: ScanDetail | undefined;
  readonly problem: ApiProblem | undefined;
  /** It is known, but at the cursor's moment it had not begun. */
  readonly before: boolean;
}

/** The open or selected scan as it was at the cursor's moment. */
export function useScanShown(): Shown {
  const { detail, problem } = useStore(useScreen().scan.open);
  const past = usePast();
  const moment = useMoment();
  const at = past ? moment : undefined;
  return useMemo(() => {
    const shown = detail && scanAt(detail, at);
    return { shown, problem, before: detail !== undefined && shown === undefined };
  }, [detail, problem, at]);
}
