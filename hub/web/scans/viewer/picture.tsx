import { useEffect, useRef, useState } from 'react';
import type { ScanDetail } from '#hub/api/types';
import { Problem } from '../../parts/problem.tsx';
import {
  bounded,
  fitView,
  type Point,
  panned,
  toScan,
  toScreen,
  type View,
  viewOf,
  zoomedAt,
} from '../draw/view.ts';
import { wholeWindow } from '../draw/window.ts';
import type { ScanLook } from '../look.ts';
import { planesOf, viewOfLook } from '../planes.ts';
import { MissingPixels } from './missing-pixels.tsx';
import { Overlay } from './overlay.tsx';
import type { SetLook } from './use-look.ts';
import { usePicture } from './use-picture.ts';
import { usePictureKeys } from './use-picture-keys.ts';
import type { Pixels } from './use-pixels.ts';
import { useSize } from './use-size.ts';

const loupeSize = 220;
const loupeTimes = 3;

export interface PictureProps {
  readonly scan: ScanDetail;
  readonly pixels: Pixels;
  readonly look: ScanLook;
  readonly setLook: SetLook;
  readonly live: boolean;
  readonly loupe: boolean;
  readonly onLoupe: (on: boolean) => void;
  readonly sweepFrom: number | undefined;
  /** What is under the cross hair, pixels of the scan. */
  readonly probe: Point | undefined;
  readonly onProbe: (point: Point | undefined) => void;
}

/** The pixels, with what is drawn over them and the hand that moves them. */
export function Picture(props: PictureProps) {
  const { scan, pixels, look, setLook, probe, onProbe } = props;
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<{ x: number; y: number; view: View } | undefined>(undefined);
  const size = useSize(place);
  const extent = { columns: pixels.columns, rows: scan.rows };
  const view = look.place ?? fitView(extent, size);
  const [anchor, setAnchor] = useState<Point | undefined>(undefined);
  const measuring = anchor && probe ? ([anchor.x, anchor.y, probe.x, probe.y] as const) : look.line;
  const setView = (next: View) => setLook({ place: bounded(next, extent) });

  const shown = viewOfLook(look, scan);
  const { problem } = usePicture(canvas, scan, {
    view,
    size,
    columns: pixels.columns,
    store: pixels.store,
    version: pixels.version,
    sweepFrom: props.sweepFrom,
    loupe:
      props.loupe && probe
        ? {
            at: toScreen(view, size, probe),
            size: loupeSize,
            view: { ...probe, zoom: Math.max(1, view.zoom) * loupeTimes },
          }
        : undefined,
    paint: {
      mode: shown === 'high' || shown === 'low' ? 'grey' : shown,
      plane: shown === 'low' ? planesOf(scan).low : planesOf(scan).high,
      window: look.window ?? wholeWindow,
      gamma: look.gamma ?? 1,
      inverted: look.inverted ?? false,
      edges: look.edges ?? false,
    },
  });

  usePictureKeys({ ...props, extent, size, view, setView, anchor, setAnchor });

  // A finding that is chosen in the list is brought into view, where it is not in it already.
  const chosen = look.finding === undefined ? undefined : scan.findings[look.finding]?.region;
  const seen = useRef(look.place ? look.finding : undefined);
  useEffect(() => {
    if (!chosen || seen.current === look.finding || size.width === 0) return;
    seen.current = look.finding;
    setLook({ place: bounded(viewOf(chosen, size), { columns: scan.columns, rows: scan.rows }) });
  }, [chosen, look.finding, size, setLook, scan.columns, scan.rows]);

  const at = (event: { clientX: number; clientY: number }): Point => {
    const box = place.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  useWheel(place, (event) => setView(zoomedAt(view, size, Math.exp(-event.deltaY / 400), at(event))));

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its keys are those of the screen, on the help page
    <div
      ref={place}
      className="scan-picture"
      data-testid="scan-picture"
      data-columns={pixels.columns}
      data-version={pixels.version}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { ...at(event), view };
      }}
      onPointerMove={(event) => {
        const now = at(event);
        onProbe(toScan(view, size, now));
        const from = drag.current;
        if (from) setView(panned(from.view, now.x - from.x, now.y - from.y));
      }}
      onPointerUp={() => {
        drag.current = undefined;
      }}
      onPointerLeave={() => !anchor && onProbe(undefined)}
      onDoubleClick={(event) => setView(zoomedAt(view, size, 2, at(event)))}
    >
      <MissingPixels scan={scan} columns={extent.columns} view={view} size={size} store={pixels.store} />
      <canvas ref={canvas} className="scan-canvas" data-testid="scan-canvas" />
      <Overlay
        view={view}
        size={size}
        pixelMm={scan.pixelMm}
        findings={scan.findings}
        look={look}
        probe={probe}
        measure={measuring}
        onFinding={(finding) => setLook({ finding, place: view })}
      />
      {props.loupe && probe && (
        <span
          className="loupe"
          style={{
            left: toScreen(view, size, probe).x - loupeSize / 2,
            top: toScreen(view, size, probe).y - loupeSize / 2,
            width: loupeSize,
            height: loupeSize,
          }}
        />
      )}
      {problem && (
        <div className="map-problem">
          <Problem problem={problem} onRetry={() => location.reload()} />
        </div>
      )}
    </div>
  );
}

/** React's own wheel listeners are passive: the page would scroll as well. */
function useWheel(element: React.RefObject<HTMLElement | null>, onWheel: (event: WheelEvent) => void): void {
  const latest = useRef(onWheel);
  latest.current = onWheel;
  useEffect(() => {
    const place = element.current;
    const listen = (event: WheelEvent) => {
      event.preventDefault();
      latest.current(event);
    };
    place?.addEventListener('wheel', listen, { passive: false });
    return () => place?.removeEventListener('wheel', listen);
  }, [element]);
}
