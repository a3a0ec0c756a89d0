import type { Position } from 'geojson';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useCommand } from '../frame/use-command.ts';
import type { PortMap } from '../map/port-map.ts';
import { useScreen } from '../parts/screen-context.tsx';
import { useSelected, useStore } from '../state/store.ts';
import { type Corner, type Draft, type Edit, edited, freeId, newDraft } from './draft.ts';
import { drawnDraft, handlesOf, snapLines } from './drawn.ts';
import { FencePanel } from './fence-panel.tsx';
import { leastPoints } from './shape.ts';
import { type Snapped, snap } from './snap.ts';
import { useFenceSet } from './use-fence-set.ts';

const reachPx = 12;
const stepPx = 10;

/** Draws and changes the fences of a set on the map, by hand and by keys. */
export function FenceEditor({ map }: { map: PortMap }) {
  const screen = useScreen();
  const layers = useStore(screen.layers);
  const name = useSelected(screen.address, (address) => address.set);
  const loaded = useFenceSet(name);
  const { set } = loaded;
  const [draft, setDraft] = useState<Draft | undefined>(undefined);
  const [hover, setHover] = useState<Snapped | undefined>(undefined);
  const [cursor, setCursor] = useState<Position | undefined>(undefined);

  // A new version of the hub's is taken up unless somebody is at work here: then saving says that it has changed.
  useEffect(() => {
    if (!set) return;
    setDraft((now) => {
      const busy = now?.set === set.name && (now.past.length > 0 || now.version >= set.version);
      return busy ? now : newDraft(set.name, set.kind, set.features, set.version);
    });
  }, [set]);

  const lines = useMemo(() => (draft ? snapLines(layers, draft) : []), [layers, draft]);
  const latest = useRef({ draft, lines });
  latest.current = { draft, lines };
  const apply = (edit: Edit) => setDraft((now) => now && edited(now, edit));

  const snapped = (at: Position) => snap(at, latest.current.lines, map.drawing.scale(), reachPx);
  const handleAt = (at: Position) => {
    const { draft: now } = latest.current;
    const scale = map.drawing.scale();
    const far = (to: Position) =>
      Math.hypot(((to[0] ?? 0) - (at[0] ?? 0)) * scale.lon, ((to[1] ?? 0) - (at[1] ?? 0)) * scale.lat);
    const near = (now ? handlesOf(now) : []).filter((handle) => far(handle.at) <= reachPx);
    return near.sort((a, b) => far(a.at) - far(b.at))[0];
  };
  const finish = () => {
    const { draft: now } = latest.current;
    if (!now?.drawing) return;
    const id = freeId(now);
    apply({ kind: 'finish', id, name: id });
  };
  const put = (at: Position) => {
    const { draft: now } = latest.current;
    if (!now?.drawing) return;
    const [first] = now.drawing;
    const to = snapped(at);
    const closes = now.kind === 'fences' && first && to.at[0] === first[0] && to.at[1] === first[1];
    if (closes && now.drawing.length >= leastPoints(now.kind)) finish();
    else apply({ kind: 'add', at: to.at });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the tool looks at what is latest
  useEffect(() => {
    map.drawing.hold({
      click(at) {
        if (latest.current.draft?.drawing) return put(at);
        const id = handleAt(at) ? undefined : map.fenceAt(at);
        if (id !== undefined) apply({ kind: 'choose', id });
      },
      double: finish,
      hover: (at) => {
        setCursor(undefined);
        setHover(latest.current.draft?.drawing ? snapped(at) : undefined);
      },
      grab(at) {
        const handle = handleAt(at);
        const { chosen } = latest.current.draft ?? {};
        if (!handle || chosen === undefined) return false;
        const corner: Corner = { path: handle.path, point: handle.point };
        if (handle.role === 'middle') apply({ kind: 'insert', after: corner, at: handle.at });
        else apply({ kind: 'choose', id: chosen, corner });
        return true;
      },
      drag(at) {
        const to = snapped(at);
        setHover(to);
        apply({ kind: 'move', to: to.at });
      },
      drop: () => setHover(undefined),
    });
    return () => {
      map.drawing.hold(undefined);
      map.setDraft(undefined);
    };
  }, [map]);
  useEffect(() => {
    map.setDraft(draft && drawnDraft(draft, hover, cursor));
  }, [map, draft, hover, cursor]);

  /** Arrow keys: the corner that is held, else the cross. */
  const nudge = (dx: number, dy: number) => () => {
    const { draft: now } = latest.current;
    const scale = map.drawing.scale();
    const moved = ([x = 0, y = 0]: Position): Position => [
      x + (dx * stepPx) / scale.lon,
      y + (dy * stepPx) / scale.lat,
    ];
    const held =
      now?.corner &&
      handlesOf(now).find(
        ({ role, path, point }) =>
          role === 'corner' && path === now.corner?.path && point === now.corner.point,
      );
    if (held) return apply({ kind: 'move', to: moved(held.at) });
    setHover(undefined);
    setCursor((at) => {
      const to = moved(at ?? map.drawing.centre());
      if (!map.isVisible(to[0] ?? 0, to[1] ?? 0)) map.centre(to[0] ?? 0, to[1] ?? 0);
      return to;
    });
  };
  const nextCorner = () => {
    const { draft: now } = latest.current;
    if (!now) return;
    const corners = handlesOf(now).filter(({ role }) => role === 'corner');
    const at = corners.findIndex(
      ({ path, point }) => path === now.corner?.path && point === now.corner.point,
    );
    const next = corners[(at + 1) % corners.length];
    if (next && now.chosen !== undefined)
      apply({ kind: 'choose', id: now.chosen, corner: { path: next.path, point: next.point } });
  };
  useCommand({
    draw: () => {
      apply({ kind: 'begin' });
      setCursor((at) => at ?? map.drawing.centre());
    },
    putPoint: () => put(cursor ?? hover?.at ?? map.drawing.centre()),
    closeShape: finish,
    takeBack: () => apply({ kind: 'back' }),
    removeFence: () => apply({ kind: 'remove' }),
    undo: () => apply({ kind: 'undo' }),
    redo: () => apply({ kind: 'redo' }),
    nextCorner,
    left: nudge(-1, 0),
    right: nudge(1, 0),
    up: nudge(0, 1),
    down: nudge(0, -1),
    panLeft: nudge(-10, 0),
    panRight: nudge(10, 0),
    panUp: nudge(0, 10),
    panDown: nudge(0, -10),
  });

  return (
    <FencePanel
      map={map}
      loaded={loaded}
      draft={draft}
      apply={apply}
      finish={finish}
      onNew={(kind, called) => {
        screen.navigate({ set: called });
        setDraft(newDraft(called, kind, [], 0));
      }}
      onSaved={() => {
        setDraft(undefined);
        loaded.reload();
      }}
      snappedTo={hover?.to}
    />
  );
}
