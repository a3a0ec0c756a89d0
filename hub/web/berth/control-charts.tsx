import { useEffect, useState } from 'react';
import type { ApiProblem, InstrumentCharts } from '#hub/api/types';
import { Problem } from '../parts/problem.tsx';
import { ControlChart } from './control-chart.tsx';

export interface ChartsSource {
  charts(days: number, signal: AbortSignal): Promise<InstrumentCharts>;
  problem(error: unknown): ApiProblem;
}

const againMs = 30_000;
const choices = [1, 7, 30];

/** Control charts of all instruments of a berth, at the hub and at its box. */
export function ControlCharts({
  name,
  source,
  days,
  now,
  onDays,
  onClose,
}: {
  name: string;
  source: ChartsSource;
  days: number;
  now: number;
  onDays: (days: number) => void;
  onClose: () => void;
}) {
  const [charts, setCharts] = useState<InstrumentCharts | undefined>(undefined);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    const ask = () =>
      source.charts(days, stop.signal).then(
        (found) => {
          setCharts(found);
          setProblem(undefined);
        },
        (error: unknown) => !stop.signal.aborted && setProblem(source.problem(error)),
      );
    void ask();
    const timer = setInterval(ask, againMs);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [source, days]);
  const devices = [...new Set(charts?.map(({ device }) => device))];
  return (
    <div className="control-charts" data-testid="control-charts">
      <header>
        <button type="button" className="button quiet" onClick={onClose}>
          ← Berth
        </button>
        <h1>{name}: instruments</h1>
        <nav aria-label="How far back">
          {choices.map((choice) => (
            <button
              key={choice}
              type="button"
              className="button quiet"
              aria-pressed={choice === days}
              onClick={() => onDays(choice)}
            >
              {choice === 1 ? '1 day' : `${choice} days`}
            </button>
          ))}
        </nav>
        <p className="muted control-legend">
          <i className="dot" /> mean of a stretch, with its least and greatest value <i className="ewma" />{' '}
          EWMA <i className="limit" /> control limits <i className="out" /> beyond: out, counts for nothing
        </p>
      </header>
      {problem && <Problem problem={problem} />}
      {!charts && !problem && <p className="waiting">Reading the charts …</p>}
      {charts?.length === 0 && (
        <p className="muted berth-empty">
          No instrument of this berth was checked in this time. The stage for it is `instrument`, its port
          `charts`.
        </p>
      )}
      {devices.map((device) => (
        <section key={device}>
          <h2>{device}</h2>
          <div className="control-grid-of">
            {charts
              ?.filter((chart) => chart.device === device)
              .map((chart) => (
                <ControlChart key={chart.check} chart={chart} from={now - days * 86_400_000} to={now} />
              ))}
          </div>
        </section>
      ))}
    </div>
  );
}
