import '../styles/theme.css';
import '../styles/base.css';
import '../styles/parts.css';
import '../styles/berth.css';
import '../styles/report.css';
import { StrictMode, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { BeltView, Board } from '#hub/api/types';
import { screenProblem } from '../faults.ts';
import { BerthScreen } from './berth-screen.tsx';
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

const shipOf = (hash: string): string | undefined =>
  hash.startsWith('#report=') ? decodeURIComponent(hash.slice('#report='.length)) : undefined;

/** The screen of the berth from the box itself: no hub, no sign-in, whoever stands beside it. */
function BoxPage() {
  const [about, setAbout] = useState({ name: 'Berth', site: '' });
  const source = useMemo(() => createSource(setAbout), []);
  const { board, view, problem } = useBerth(source);
  const [now, setNow] = useState(Date.now());
  const [ship, setShip] = useState(shipOf(window.location.hash));
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    const onHash = () => setShip(shipOf(window.location.hash));
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
