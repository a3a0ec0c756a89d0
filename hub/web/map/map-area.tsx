import { useEffect, useMemo, useRef, useState } from 'react';
import type { ApiProblem } from '#hub/api/types';
import { screenProblem } from '../faults.ts';
import { FenceEditor } from '../fences/fence-editor.tsx';
import { utcMoment } from '../format/time.ts';
import { useCommand } from '../frame/use-command.ts';
import { themeEvent } from '../frame/use-theme.ts';
import { Problem } from '../parts/problem.tsx';
import { useMoment, useScreen } from '../parts/screen-context.tsx';
import { active } from '../state/alarms-model.ts';
import { useSelected, useStore } from '../state/store.ts';
import { readColours } from './colours.ts';
import { boundsOf, boundsOfCollection } from './geometry.ts';
import { MapTools } from './map-tools.tsx';
import { ObjectSearch } from './object-search.tsx';
import type { Picked, PortMap } from './port-map.ts';
import { trackLines } from './track-lines.ts';
import { useTrack } from './use-track.ts';

/** The port on a map, as it was at the cursor's moment; with `fences`, they are drawn on it. */
export function MapArea({ fences = false }: { fences?: boolean }) {
  const screen = useScreen();
  const container = useRef<HTMLDivElement>(null);
  const ground = useRef<HTMLCanvasElement>(null);
  const crowd = useRef<HTMLCanvasElement>(null);
  const labels = useRef<HTMLCanvasElement>(null);
  const [map, setMap] = useState<PortMap | undefined>(undefined);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const [follow, setFollow] = useState(false);
  const moment = useMoment();
  const shown = useStore(screen.objects.shown);
  const designated = useStore(screen.designated.shown);
  const layers = useStore(screen.layers);
  const begins = useSelected(screen.fleet.shown, (fleet) => fleet.span?.from);
  const { recent } = useStore(screen.alarms.alarms);
  const selection = useSelected(screen.address, (address) => address.selection);
  const selected = selection?.kind === 'object' ? selection.id : undefined;
  const object = selected === undefined ? undefined : shown.byId.get(selected);
  const track = useTrack(selected);
  // Ages on the map need no second of their own: ten are near enough.
  const tenSeconds = moment - (moment % 10_000);
  const alarming = useMemo(() => active(recent, tenSeconds + 10_000), [recent, tenSeconds]);

  useEffect(() => {
    let made: PortMap | undefined;
    let gone = false;
    const pick = (picked: Picked) => {
      if (!picked) return screen.navigate({ selection: undefined });
      screen.navigate({
        selection:
          'object' in picked ? { kind: 'object', id: picked.object } : { kind: 'fence', id: picked.fence },
      });
    };
    const start = async () => {
      const { createPortMap } = await import('./port-map.ts');
      if (gone || !container.current || !labels.current || !crowd.current || !ground.current) return;
      const place = container.current;
      made = createPortMap({
        container: place,
        labels: labels.current,
        crowd: crowd.current,
        ground: ground.current,
        colours: readColours(place),
        view: screen.address.get().view,
        onView: (view) => screen.navigate({ view }, 'replace'),
        onPick: pick,
        onGrab: () => setFollow(false),
        onReady: () => setMap(made),
        onGroundFailed: () => setProblem(screenProblem('map.ground')),
      });
    };
    start().catch((error: unknown) => setProblem(screenProblem('map.graphics', String(error))));
    const recolour = () => container.current && made?.setColours(readColours(container.current));
    window.addEventListener(themeEvent, recolour);
    return () => {
      gone = true;
      window.removeEventListener(themeEvent, recolour);
      made?.remove();
    };
  }, [screen]);

  useEffect(() => {
    if (map && layers) map.setLayers(layers);
  }, [map, layers]);
  useEffect(
    () =>
      map?.setObjects(shown.byId, { moment: tenSeconds, alarming: alarming.objects, selected, designated }),
    [map, shown, tenSeconds, alarming, selected, designated],
  );
  const fence = selection?.kind === 'fence' ? selection.id : undefined;
  useEffect(() => map?.setFences({ alarm: alarming.fences, selected: fence }), [map, alarming, fence]);
  useEffect(() => map?.setTrack(trackLines(track.points, track.gaps, track.finestGapS)), [map, track]);

  const fitView = (site?: string) => {
    const ofSite = [...shown.byId.values()].filter((each) => each.site === site);
    const bounds =
      (site === undefined
        ? layers && (boundsOfCollection(layers.fences) ?? boundsOfCollection(layers.port))
        : undefined) ??
      boundsOf((ofSite.length > 0 ? ofSite : [...shown.byId.values()]).map((each) => [each.lon, each.lat]));
    if (bounds) map?.fit(bounds, firstFit.current);
    return bounds !== undefined;
  };
  // What the address said at the begin: what the map itself writes there is no wish of anybody's.
  const wished = useRef(screen.address.get().view !== undefined);
  const firstFit = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as soon as there is something to look at
  useEffect(() => {
    if (!map || !firstFit.current) return;
    if (wished.current || fitView()) firstFit.current = false;
  }, [map, layers, shown]);

  // A selection from a list or a link is brought into view; one made on the map is there already.
  const seen = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!map || !object) return;
    if (follow || (seen.current !== object.object && !map.isVisible(object.lon, object.lat)))
      map.centre(object.lon, object.lat, follow ? undefined : 14);
    seen.current = object.object;
  }, [map, object, follow]);
  useCommand({ fit: () => void fitView(), follow: () => setFollow((on) => !on && selected !== undefined) });

  return (
    <div
      className="map"
      data-testid="map"
      data-ready={map !== undefined}
      data-objects={shown.byId.size}
      data-fences={layers?.fences.features.length ?? 0}
      data-alarm-fences={[...alarming.fences].join(' ')}
      data-track={track.points.length}
      data-gaps={track.gaps.length}
      data-panel={fences}
      aria-busy={shown.status === 'loading'}
    >
      <div ref={container} className="map-canvas" />
      <canvas ref={ground} className="map-labels" data-testid="held-ground" hidden />
      <canvas ref={crowd} className="map-labels" data-testid="crowd" />
      <canvas ref={labels} className="map-labels" />
      {fences && map && <FenceEditor map={map} />}
      <ObjectSearch alarming={alarming.objects} />
      <MapTools map={map} fitView={fitView} follow={follow} onFollow={setFollow} selected={selected} />
      {!map && !problem && <p className="map-note">Drawing the map …</p>}
      {map && shown.status === 'ready' && shown.byId.size === 0 && (
        <p className="map-note" data-testid="no-objects">
          {begins !== undefined && moment < begins
            ? `The records of this hub begin at ${utcMoment(begins)}.`
            : 'Nothing has reported a position in the day before this moment.'}
        </p>
      )}
      {(problem || shown.problem) && (
        <div className="map-problem">
          <Problem
            problem={(problem ?? shown.problem) as ApiProblem}
            onRetry={problem ? () => location.reload() : screen.objects.catchUp}
          />
        </div>
      )}
    </div>
  );
}
