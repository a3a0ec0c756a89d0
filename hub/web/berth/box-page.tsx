import '../styles/theme.css';
import '../styles/base.css';
import '../styles/parts.css';
import '../styles/berth.css';
import '../styles/control-charts.css';
import '../styles/report.css';
import { StrictMode, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { BeltView, Board, InstrumentCharts } from '#hub/api/types';
import { screenProblem } from '../faults.ts';
import { BerthScreen } from './berth-screen.tsx';
import { type ChartsSource, ControlCharts } from './control-charts.tsx';
import { ShipReportPage } from './ship-report.tsx';
import { type BerthSource, useBerth } from './use-berth.ts';

/** What a box says of itself beside the board. */
interface BoxBoard {
  readonly name: string;
  readonly site: string;
  readonly time: string;
  readonly board: Board;
}

async function ask<T>(path: string, signal: AbortSignal): Promise<T> {
  const answer = await fetch(path, { signal });
  if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
  return (await answer.json()) as T;
}

/** Asks the box that the page is from; what it says of itself comes with the board. */
const createSource = (onAbout: (about: Pick<BoxBoard, 'name' | 'site'>) => void): BerthSource => ({
  async board(signal) {
    const { board, name, site } = await ask<BoxBoard>('/berth/board.json', signal);
    onAbout({ name, site });
    return board;
  },
  live: (signal) => ask<BeltView | null>('/berth/live.json', signal),
  problem: () => screenProblem('box.unreachable'),
});

/** The box keeps its newest charts whole; how many days of them are shown is the page's matter. */
const chartsSource: ChartsSource = {
  charts: (_days, signal) => ask<InstrumentCharts>('/berth/instruments.json', signal),
  problem: () => screenProblem('box.unreachable'),
};

function daysOf(hash: string): number | undefined {
  const days = hash.startsWith('#instruments=') ? Number(hash.slice('#instruments='.length)) : 0;
  return days > 0 && days <= 90 ? days : undefined;
}

const shipOf = (hash: string): string | undefined =>
  hash.startsWith('#report=') ? decodeURIComponent(hash.slice('#report='.length)) : undefined;

/** The screen of the berth from the box itself: no hub, no sign-in, whoever stands beside it. */
function BoxPage() {
  const [about, setAbout] = useState({ name: 'Berth', site: '' });
  const source = useMemo(() => createSource(setAbout), []);
  const { board, view, problem } = useBerth(source);
  const [now, setNow] = useState(Date.now());
  const [ship, setShip] = useState(shipOf(window.location.hash));
  const [days, setDays] = useState(daysOf(window.location.hash));
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    const onHash = () => {
      setShip(shipOf(window.location.hash));
      setDays(daysOf(window.location.hash));
    };
    window.addEventListener('hashchange', onHash);
    return () => {
      clearInterval(timer);
      window.removeEventListener('hashchange', onHash);
    };
  }, []);
  if (ship !== undefined && board) {
    const lots = board.lots.filter(({ lot, declared }) => (declared.ship ?? lot) === ship).reverse();
    return (
      <ShipReportPage
        report={{ ship, berth: about.name, site: about.site, printed: new Date(now).toISOString(), lots }}
      />
    );
  }
  const go = (hash: string) => {
    window.location.hash = hash;
  };
  if (days !== undefined)
    return (
      <main className="box-page">
        <ControlCharts
          name={about.name}
          source={chartsSource}
          days={days}
          now={now}
          onDays={(next) => go(`instruments=${next}`)}
          onClose={() => go('')}
        />
      </main>
    );
  return (
    <main className="box-page">
      {problem && <p className="warn box-away">{problem.message}</p>}
      {board ? (
        <BerthScreen
          name={about.name}
          board={board}
          view={view}
          now={now}
          reportOf={(to) => `#report=${encodeURIComponent(to)}`}
          chartsAt="#instruments=7"
        />
      ) : (
        <p className="waiting">Asking the box …</p>
      )}
    </main>
  );
}

const place = document.getElementById('screen');
if (place)
  createRoot(place).render(
    <StrictMode>
      <BoxPage />
    </StrictMode>,
  );
