import { useState } from 'react';
import { Icon } from '../parts/icon.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { useStore } from '../state/store.ts';
import { StopsToggle } from '../tracks/stops-toggle.tsx';
import { Legend } from './legend.tsx';
import type { PortMap } from './port-map.ts';

interface Props {
  readonly map: PortMap | undefined;
  /** Fits the port, or what reports from one site; says whether there was anything. */
  readonly fitView: (site?: string) => boolean;
  readonly follow: boolean;
  readonly onFollow: (on: boolean) => void;
  readonly selected: string | undefined;
}

/** The map's own controls. */
export function MapTools({ map, fitView, follow, onFollow, selected }: Props) {
  const { sites } = useStore(useScreen().fleet.shown);
  const [legend, setLegend] = useState(false);
  return (
    <>
      <div className="map-tools" role="toolbar" aria-label="Map">
        <button
          type="button"
          className="button icon"
          title="Closer (+)"
          aria-label="Closer"
          onClick={() => map?.zoom(1)}
        >
          <Icon name="plus" />
        </button>
        <button
          type="button"
          className="button icon"
          title="Wider (-)"
          aria-label="Wider"
          onClick={() => map?.zoom(-1)}
        >
          <Icon name="minus" />
        </button>
        <button
          type="button"
          className="button icon"
          title="Fit the port (f)"
          aria-label="Fit the port"
          data-testid="fit"
          onClick={() => fitView()}
        >
          <Icon name="fit" />
        </button>
        <button
          type="button"
          className="button icon"
          title={selected === undefined ? 'Follow: select an object first (c)' : `Follow ${selected} (c)`}
          aria-label="Follow the selected object"
          aria-pressed={follow}
          disabled={selected === undefined}
          data-testid="follow"
          onClick={() => onFollow(!follow)}
        >
          <Icon name="follow" />
        </button>
        <button
          type="button"
          className="button icon"
          title="Legend"
          aria-label="Legend"
          aria-expanded={legend}
          aria-pressed={legend}
          onClick={() => setLegend(!legend)}
        >
          <Icon name="legend" />
        </button>
        <StopsToggle map={map} />
      </div>
      {sites.length > 1 && (
        <div className="map-sites" role="toolbar" aria-label="Fit a site">
          {sites.map((site) => (
            <button key={site.id} type="button" className="button" onClick={() => fitView(site.id)}>
              {site.name}
            </button>
          ))}
        </div>
      )}
      {legend && <Legend />}
    </>
  );
}
