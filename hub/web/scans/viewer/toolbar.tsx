import type { ScanDetail } from '#hub/api/types';
import { type AreaCommand, command } from '../../frame/area-command.ts';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { presetOf, presets, wholeWindow } from '../draw/window.ts';
import type { ScanLook } from '../look.ts';
import { isDual, viewNames, viewOfLook } from '../planes.ts';
import type { SetLook } from './use-look.ts';

interface Props {
  readonly scan: ScanDetail;
  readonly look: ScanLook;
  readonly setLook: SetLook;
  readonly sweeping: boolean;
  readonly loupe: boolean;
}

/** Views, windows and tools; each has a key. */
export function Toolbar({ scan, look, setLook, sweeping, loupe }: Props) {
  const shown = viewOfLook(look, scan);
  const preset = presetOf(look.window ?? wholeWindow);
  const dual = isDual(scan);
  return (
    <div className="scan-toolbar" role="toolbar" aria-label="How the scan is shown">
      <div className="segments">
        {viewNames.map(({ view, word, title }) => (
          <button
            key={view}
            type="button"
            className="button"
            aria-pressed={shown === view}
            disabled={!dual && view !== 'high' && view !== 'mass'}
            title={dual || view === 'high' || view === 'mass' ? `${title} (v)` : 'Needs two energies'}
            data-testid={`view-${view}`}
            onClick={() => setLook({ view })}
          >
            {word}
          </button>
        ))}
      </div>
      <div className="segments">
        {presets.map(({ name, word, title, window }) => (
          <button
            key={name}
            type="button"
            className="button"
            aria-pressed={!sweeping && preset === name}
            title={`${title} (p)`}
            data-testid={`window-${name}`}
            onClick={() => setLook({ window: name === 'whole' ? undefined : window })}
          >
            {word}
          </button>
        ))}
        <Tool name="sweep" label="Sweep through all densities (s)" does="sweep" on={sweeping} />
      </div>
      <div className="segments">
        <Tool name="invert" label="Invert (i)" does="invert" on={look.inverted ?? false} />
        <Tool name="edges" label="Enhance edges (e)" does="edges" on={look.edges ?? false} />
        <Tool name="marks" label="Findings (x)" does="marks" on={!look.bare} />
        <Tool name="loupe" label="Magnifying glass (z)" does="loupe" on={loupe} />
        <Tool
          name="measure"
          label="Measure and profile (m): from the cross hair, and again to end"
          does="measure"
          on={look.line !== undefined}
        />
      </div>
      <div className="segments">
        <Tool name="minus" label="Wider (-)" does="zoomOut" />
        <Tool name="plus" label="Closer (+)" does="zoomIn" />
        <Tool name="fit" label="All of the scan (f)" does="fit" on={look.place === undefined} />
        <button type="button" className="button" title="One to one (o)" onClick={command('oneToOne')}>
          1:1
        </button>
      </div>
      <label className="gamma">
        <span className="muted">Tone</span>
        <input
          type="range"
          min="-1"
          max="1"
          step="0.05"
          aria-label="Middle tones (g, G)"
          value={Math.log2(look.gamma ?? 1)}
          onChange={(event) => {
            const value = Number(event.target.value);
            setLook({ gamma: value === 0 ? undefined : Number((2 ** value).toPrecision(3)) });
          }}
        />
      </label>
    </div>
  );
}

function Tool({ name, label, does, on }: { name: IconName; label: string; does: AreaCommand; on?: boolean }) {
  return (
    <button
      type="button"
      className="button icon"
      title={label}
      aria-label={label}
      aria-pressed={on}
      data-testid={`tool-${does}`}
      onClick={command(does)}
    >
      <Icon name={name} size="1.3em" />
    </button>
  );
}
