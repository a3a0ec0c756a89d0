import { Icon, type IconName } from '../parts/icon.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import type { Area } from '../state/address.ts';
import { useStore } from '../state/store.ts';

const entries: readonly { area: Area; icon: IconName; name: string; key: string }[] = [
  { area: 'live', icon: 'map', name: 'Map', key: '1' },
  { area: 'events', icon: 'events', name: 'Events', key: '2' },
  { area: 'scans', icon: 'scans', name: 'Scans', key: '3' },
  { area: 'berth', icon: 'berth', name: 'Berth', key: '4' },
  { area: 'boxes', icon: 'boxes', name: 'Boxes', key: '5' },
  { area: 'fences', icon: 'fences', name: 'Fences', key: '6' },
  { area: 'watch', icon: 'watch', name: 'Watch', key: '7' },
  { area: 'laboratory', icon: 'laboratory', name: 'Lab', key: '8' },
];

/** The areas of the screen. */
export function Rail({ onHelp, onTheme }: { onHelp: () => void; onTheme: () => void }) {
  const screen = useScreen();
  const { area } = useStore(screen.address);
  return (
    <nav className="rail" aria-label="Areas" data-testid="rail">
      {entries.map((entry) => (
        <button
          key={entry.area}
          type="button"
          data-testid={`area-${entry.area}`}
          aria-current={area === entry.area ? 'page' : undefined}
          title={`${entry.name} (${entry.key})`}
          onClick={() =>
            screen.navigate({
              area: entry.area,
              box: undefined,
              scan: undefined,
              look: undefined,
              report: undefined,
              set: undefined,
            })
          }
        >
          <Icon name={entry.icon} size="1.7em" />
          {entry.name}
        </button>
      ))}
      <span className="space" />
      <button type="button" title="Dark or light (t)" data-testid="theme" onClick={onTheme}>
        <Icon name="theme" size="1.5em" />
        Theme
      </button>
      <button type="button" title="Keyboard (?)" data-testid="help" onClick={onHelp}>
        <Icon name="help" size="1.5em" />
        Keys
      </button>
    </nav>
  );
}
