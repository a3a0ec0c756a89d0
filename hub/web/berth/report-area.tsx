import { useEffect, useState } from 'react';
import type { ApiProblem, ShipReport } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { ShipReportPage } from './ship-report.tsx';

/** The report of one ship, without the frame: it is there to be printed. */
export function ReportArea({ box, ship }: { box: string; ship: string }) {
  const screen = useScreen();
  const [report, setReport] = useState<ShipReport | undefined>(undefined);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    const path = `/berths/${encodeURIComponent(box)}/ships/${encodeURIComponent(ship)}`;
    screen.client.get<ShipReport>(path, {}, stop.signal).then(setReport, (error: unknown) => {
      if (!stop.signal.aborted) setProblem(problemOf(error));
    });
    return () => stop.abort();
  }, [screen, box, ship]);
  if (problem) return <Problem problem={problem} />;
  return report ? <ShipReportPage report={report} /> : <p className="waiting">Reading the report …</p>;
}
