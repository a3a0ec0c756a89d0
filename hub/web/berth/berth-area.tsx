import { useEffect, useMemo, useState } from 'react';
import type { ApiProblem, BeltView, BerthEntry, BerthList, Board, InstrumentCharts } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import { Problem } from '../parts/problem.tsx';
import { useMoment, usePast, useScreen } from '../parts/screen-context.tsx';
import { formatAddress } from '../state/address.ts';
import { useSelected } from '../state/store.ts';
import { BerthScreen } from './berth-screen.tsx';
import { ControlCharts } from './control-charts.tsx';
import { type BerthSource, useBerth } from './use-berth.ts';

/** In the past the board is asked for at moments this far apart, so that a cursor that plays does not ask each frame, ms. */
const pastStepMs = 10_000;

/** Charts change in minutes: moments of the past this far apart are one, ms. */
const chartsStepMs = 60_000;

function BerthCharts({ berth, days }: { berth: BerthEntry; days: number }) {
  const screen = useScreen();
  const moment = useMoment();
  const past = usePast();
  const at = past ? new Date(Math.floor(moment / chartsStepMs) * chartsStepMs).toISOString() : undefined;
  const source = useMemo(
    () => ({
      charts: (of: number, signal: AbortSignal) =>
        screen.client.get<InstrumentCharts>(
          `/berths/${encodeURIComponent(berth.box)}/instruments`,
          { at, days: String(of) },
          signal,
        ),
      problem: problemOf,
    }),
    [berth.box, at, screen],
  );
  return (
    <ControlCharts
      name={berth.name}
      source={source}
      days={days}
      now={moment}
      onDays={(charts) => screen.navigate({ charts })}
      onClose={() => screen.navigate({ charts: undefined })}
    />
  );
}

function OneBerth({ berth }: { berth: BerthEntry }) {
  const screen = useScreen();
  const moment = useMoment();
  const past = usePast();
  const at = past ? new Date(Math.floor(moment / pastStepMs) * pastStepMs).toISOString() : undefined;
  const source = useMemo((): BerthSource => {
    const path = `/berths/${encodeURIComponent(berth.box)}`;
    return {
      board: (signal) => screen.client.get<Board>(`${path}/board`, { at }, signal),
      ...(at === undefined
        ? { live: (signal: AbortSignal) => screen.client.get<BeltView | null>(`${path}/live`, {}, signal) }
        : {}),
      problem: problemOf,
    };
  }, [berth.box, at, screen]);
  const { board, view, problem } = useBerth(source);
  const reportOf = (ship: string) =>
    formatAddress({ ...screen.address.get(), area: 'berth', box: berth.box, report: ship });
  return (
    <>
      {problem && <Problem problem={problem} />}
      {board ? (
        <BerthScreen
          name={berth.name}
          board={board}
          view={view}
          now={moment}
          reportOf={reportOf}
          chartsAt={formatAddress({ ...screen.address.get(), area: 'berth', box: berth.box, charts: 7 })}
        />
      ) : (
        !problem && <p className="waiting">Reading the berth …</p>
      )}
    </>
  );
}

/** The berths of the port; the one that is open, else the first. */
export function BerthArea() {
  const screen = useScreen();
  const box = useSelected(screen.address, (address) => address.box);
  const charts = useSelected(screen.address, (address) => address.charts);
  const [berths, setBerths] = useState<readonly BerthEntry[] | undefined>(undefined);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    const ask = () =>
      screen.client.get<BerthList>('/berths', {}, stop.signal).then(
        (list) => setBerths(list.berths),
        (error: unknown) => !stop.signal.aborted && setProblem(problemOf(error)),
      );
    void ask();
    const timer = setInterval(ask, 30_000);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [screen]);
  if (problem && !berths) return <Problem problem={problem} />;
  if (!berths) return <p className="waiting">Asking for berths …</p>;
  const open = berths.find((one) => one.box === box) ?? berths[0];
  return (
    <div className="berth-area" data-testid="berth-area">
      {berths.length > 1 && (
        <nav className="berth-tabs" aria-label="Berths">
          {berths.map((one) => (
            <button
              key={one.box}
              type="button"
              className="button quiet"
              aria-pressed={one === open}
              onClick={() => screen.navigate({ area: 'berth', box: one.box })}
            >
              {one.name}
            </button>
          ))}
        </nav>
      )}
      {open ? (
        charts === undefined ? (
          <OneBerth key={open.box} berth={open} />
        ) : (
          <BerthCharts key={open.box} berth={open} days={charts} />
        )
      ) : (
        <p className="muted berth-empty">
          No box has announced a lot of ore yet. The flow for it is iron-ore-berth; see the docs of the berth.
        </p>
      )}
    </div>
  );
}
