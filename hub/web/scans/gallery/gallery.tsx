import { useEffect } from 'react';
import { Problem } from '../../parts/problem.tsx';
import { usePast, useScreen } from '../../parts/screen-context.tsx';
import { scanName } from '../../state/digest.ts';
import { useStore } from '../../state/store.ts';
import { ScanFilters } from './scan-filters.tsx';
import { ScanGrid } from './scan-grid.tsx';

/** Strips of so many scans are asked for: cards beyond them say that they grow. */
const mostWatched = 6;

/** The last scans: live ones first, then the newest. */
export function Gallery() {
  const screen = useScreen();
  const scans = useStore(screen.scans.scans);
  const past = usePast();
  const live = past ? [] : scans.rows.filter((row) => row.state === 'live').slice(0, mostWatched);
  const names = live.map(scanName).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew when another scan is live, not with each strip
  useEffect(() => {
    screen.scans.watched.set(live.map(({ box, scan }) => ({ box, scan })));
    return () => screen.scans.watched.set([]);
  }, [screen, names]);
  return (
    <div className="gallery" data-testid="gallery" aria-busy={scans.status === 'loading'}>
      <ScanFilters scans={scans} />
      {scans.problem && (
        <div className="pad">
          <Problem problem={scans.problem} onRetry={screen.scans.retry} />
        </div>
      )}
      <ScanGrid scans={scans} />
    </div>
  );
}
