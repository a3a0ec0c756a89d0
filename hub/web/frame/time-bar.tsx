import { shortDuration, utcDate, utcTime } from '../format/time.ts';
import { Icon } from '../parts/icon.tsx';
import { useMoment, useScreen } from '../parts/screen-context.tsx';
import { speeds } from '../state/cursor.ts';
import { useStore } from '../state/store.ts';
import { ranges } from '../state/timeline-model.ts';
import { Histogram } from './histogram.tsx';
import { useWindow } from './use-window.ts';

/** The one time cursor of the screen. */
export function TimeBar() {
  const screen = useScreen();
  const cursor = useStore(screen.cursor);
  const now = useStore(screen.present);
  const moment = useMoment();
  const { window, range, setRange, pan, holding } = useWindow(screen);
  const past = cursor.mode === 'past';
  const playing = past && cursor.playing;
  const speed = past ? cursor.speed : 1;
  return (
    <section className="time-bar" aria-label="Time" data-testid="time-bar">
      <div className="time-controls">
        <button
          type="button"
          className="button live"
          aria-pressed={!past}
          data-testid="live"
          title="Show the present (l)"
          onClick={() => screen.moveTime({ kind: 'live' })}
        >
          {past ? 'Go live' : 'LIVE'}
        </button>
        <select
          className="input speed"
          aria-label="Speed of play"
          data-testid="speed"
          value={speed}
          disabled={!past}
          onChange={(e) => screen.moveTime({ kind: 'speed', speed: Number(e.target.value) })}
        >
          {speeds.map((each) => (
            <option key={each} value={each}>
              {each}×
            </option>
          ))}
        </select>
        <IconButton name="earlier" label="Earlier window" onClick={() => pan(-1)} />
        <IconButton
          name="back"
          label="10 s back ([)"
          onClick={() => screen.moveTime({ kind: 'step', byMs: -10_000 })}
        />
        <IconButton
          name={playing || !past ? 'pause' : 'play'}
          label={past ? (playing ? 'Pause (space)' : 'Play (space)') : 'Hold this moment (space)'}
          testid="play"
          onClick={() => screen.moveTime({ kind: 'toggle' })}
        />
        <IconButton
          name="forward"
          label="10 s on (])"
          disabled={!past}
          onClick={() => screen.moveTime({ kind: 'step', byMs: 10_000 })}
        />
      </div>
      <Histogram window={window} onHold={holding} />
      <div className="time-readout">
        <span className="clock" data-testid="moment">
          {utcTime(moment)} UTC
        </span>
        <span className="muted">
          {past ? `${utcDate(moment)} · ${shortDuration(now - moment)} ago` : `${utcDate(moment)} · live`}
        </span>
        <fieldset className="time-ranges">
          <legend className="visually-hidden">Length of the bar</legend>
          {ranges.map((each) => (
            <button
              key={each.name}
              type="button"
              className="button quiet"
              aria-pressed={range === each.name}
              onClick={() => setRange(each.name)}
            >
              {each.name}
            </button>
          ))}
        </fieldset>
      </div>
    </section>
  );
}

function IconButton(props: {
  name: 'earlier' | 'back' | 'play' | 'pause' | 'forward';
  label: string;
  testid?: string;
  disabled?: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      className="button icon"
      title={props.label}
      aria-label={props.label}
      data-testid={props.testid}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.name} size="1.2em" />
    </button>
  );
}
