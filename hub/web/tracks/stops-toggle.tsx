import type { FeatureCollection } from 'geojson';
import { useEffect, useState } from 'react';
import type { StopHeat } from '#hub/api/track-types';
import { shortDuration } from '../format/time.ts';
import type { PortMap } from '../map/port-map.ts';
import { Icon } from '../parts/icon.tsx';
import { useMoment, useScreen } from '../parts/screen-context.tsx';
import { useSelected } from '../state/store.ts';
import { useAsk } from './use-ask.ts';

const spanMs = 24 * 3_600_000;
const stepMs = 10 * 60_000;

const drawn = ({ spots }: StopHeat): FeatureCollection => ({
  type: 'FeatureCollection',
  features: spots.map(({ lon, lat, seconds, ...rest }) => ({
    type: 'Feature',
    properties: { ...rest, hours: seconds / 3600 },
    geometry: { type: 'Point', coordinates: [lon, lat] },
  })),
});

function wordsOf({ stops, spots, partial }: StopHeat): string {
  if (stops === 0) return 'No stops in 24 h';
  const seconds = spots.reduce((sum, spot) => sum + spot.seconds, 0);
  const many = stops === 1 ? '1 stop in 24 h, for' : `${stops} stops in 24 h, together`;
  return `${many} ${shortDuration(seconds * 1000)}${partial ? ', not all' : ''}`;
}

/** Where things stood in the day before the moment, in what the map shows; the larger the spot the longer. */
export function StopsToggle({ map }: { map: PortMap | undefined }) {
  const screen = useScreen();
  const moment = useMoment();
  const view = useSelected(screen.address, (address) => address.view);
  const [on, setOn] = useState(false);
  const to = Math.ceil(moment / stepMs) * stepMs;
  const iso = (ms: number) => new Date(ms).toISOString();
  // The view in the address changes when the map has come to rest.
  const bounds = on && view ? map?.bounds() : undefined;
  const { answer, problem } = useAsk<StopHeat>(
    bounds ? '/stops' : undefined,
    bounds ? { ...bounds, from: iso(to - spanMs), to: iso(to) } : {},
  );
  useEffect(() => map?.setStops(on && answer ? drawn(answer) : undefined), [map, on, answer]);
  return (
    <>
      <button
        type="button"
        className="button icon"
        title="Where things stood in the day before"
        aria-label="Stops"
        aria-pressed={on}
        data-testid="stops"
        onClick={() => setOn(!on)}
      >
        <Icon name="stops" />
      </button>
      {on && (
        <p className="stops-note" role="status" data-testid="stops-note">
          {problem ? `${problem.message} Zoom in.` : answer ? wordsOf(answer) : 'Asking the hub …'}
        </p>
      )}
    </>
  );
}
