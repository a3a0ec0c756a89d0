import { Problem } from '../../parts/problem.tsx';
import { useScreen } from '../../parts/screen-context.tsx';
import { useStore } from '../../state/store.ts';
import { ScanFilters } from './scan-filters.tsx';
import { ScanGrid } from './scan-grid.tsx';

/** The last scans: live ones first, then the newest. */
export function Gallery() {
  const screen = useScreen();
  const scans = useStore(screen.scans.scans);
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
