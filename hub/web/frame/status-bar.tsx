import { count } from '../format/number.ts';
import { lookWords } from '../format/severity.ts';
import { Mark } from '../parts/mark.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { useStore } from '../state/store.ts';
import { Clocks } from './clocks.tsx';
import { Connection } from './connection.tsx';
import { SiteChips } from './site-chips.tsx';
import { Who } from './who.tsx';

const words = {
  alarm: ['alarm', 'alarms'],
  verdict: ['verdict', 'verdicts'],
  telemetry: ['telemetry', 'telemetry'],
};

/** The present, always: whatever moment the rest of the screen shows. */
export function StatusBar() {
  const screen = useScreen();
  const hub = useStore(screen.fleet.shown).hub;
  const hour = useStore(screen.timeline.lastHour);
  return (
    <header className="status-bar" data-testid="status-bar">
      <div className="brand">
        <span>Quaywatch</span>
        {hub && hub.name !== 'Quaywatch' && <span className="name muted">{hub.name}</span>}
      </div>
      <SiteChips />
      <div className="counts" data-testid="counts">
        {(['alarm', 'verdict', 'telemetry'] as const).map((priority) => (
          <button
            key={priority}
            type="button"
            className={hour?.[priority] ? 'count' : 'count calm'}
            title={`${lookWords[priority]} events in the last hour. Opens the list.`}
            onClick={() =>
              screen.navigate({
                area: 'events',
                box: undefined,
                set: undefined,
                filters: { priorities: [priority] },
              })
            }
          >
            <Mark look={priority} />
            <span className={priority === 'alarm' && hour && hour.alarm > 0 ? 'alarm strong' : ''}>
              {hour ? count(hour[priority]) : '–'}
            </span>
            <span className="muted word">{words[priority][hour?.[priority] === 1 ? 0 : 1]}</span>
          </button>
        ))}
        <span className="muted since">last hour</span>
      </div>
      <Connection />
      <Who />
      <Clocks />
    </header>
  );
}
