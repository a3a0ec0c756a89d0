import { useScreen } from '../parts/screen-context.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { useStore } from '../state/store.ts';
import { summarise } from './site-summary.ts';

/** Every site with the state of its boxes' links and how old the oldest word of them is. */
export function SiteChips() {
  const screen = useScreen();
  const { sites, status } = useStore(screen.fleet.shown);
  const boxes = useStore(screen.fleet.live);
  const now = useStore(screen.present);
  if (status !== 'loading' && sites.length === 0) return <div className="sites muted">No sites yet</div>;
  return (
    <nav className="sites" aria-label="Sites" data-testid="sites">
      {sites.map((site) => {
        const summary = summarise(
          boxes.filter((box) => box.site === site.id),
          now,
        );
        return (
          <button
            key={site.id}
            type="button"
            className="site-chip"
            data-testid={`site-${site.id}`}
            title={`${site.name}: ${summary.words}. Opens boxes and devices.`}
            onClick={() => screen.navigate({ area: 'boxes', box: undefined, selection: undefined })}
          >
            <StateMark look={summary.look} />
            <span className="strong">{site.name}</span>
            <span className={summary.look === 'good' ? 'muted' : summary.look === 'alarm' ? 'alarm' : 'warn'}>
              {summary.words}
            </span>
          </button>
        );
      })}
    </nav>
  );
}
