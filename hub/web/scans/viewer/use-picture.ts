import { type RefObject, useEffect, useRef, useState } from 'react';
import type { ApiProblem, ScanDetail } from '#hub/api/types';
import { screenProblem } from '../../faults.ts';
import { planQuads, wantedTiles } from '../draw/plan.ts';
import { createRenderer, type Paint, type Pane, type Renderer } from '../draw/renderer.ts';
import type { Point, Size, View } from '../draw/view.ts';
import { sweepAt } from '../draw/window.ts';
import { curvesOf } from '../material/curves.ts';
import { depthTable } from '../pixels/depth.ts';
import type { PixelStore } from '../pixels/store.ts';
import { planesOf } from '../planes.ts';
import { createFramePace, restMs } from './frame-pace.ts';

export interface Picture {
  readonly view: View;
  readonly size: Size;
  readonly columns: number;
  readonly paint: Paint;
  readonly store: PixelStore | undefined;
  readonly version: number;
  /** The magnifying glass: its middle on the screen, and what is under it. */
  readonly loupe: { at: Point; size: number; view: View } | undefined;
  /** When a sweep began, ms; undefined: none. */
  readonly sweepFrom: number | undefined;
}

/** Draws the picture whenever something of it changed, once a frame. */
export function usePicture(
  canvas: RefObject<HTMLCanvasElement | null>,
  scan: Pick<ScanDetail, 'rows' | 'airLevel' | 'energiesMv' | 'planes'>,
  picture: Picture,
): { problem: ApiProblem | undefined } {
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const renderer = useRef<Renderer>(undefined);
  const latest = useRef(picture);
  const frame = useRef(0);
  const askAgain = useRef<() => void>(() => undefined);
  latest.current = picture;
  const { rows, airLevel } = scan;
  const energies = scan.energiesMv.join('/');

  useEffect(() => {
    const place = canvas.current;
    if (!place) return;
    const energiesMv = energies.split('/').map(Number);
    try {
      const scanner = {
        ...planesOf({ energiesMv }),
        depths: depthTable(airLevel),
        airLevel,
        curves: curvesOf(energiesMv),
      };
      renderer.current = createRenderer(place, scanner, () => ask());
    } catch (error) {
      setProblem(screenProblem('scan.graphics', String(error)));
    }
    const ask = () => {
      frame.current ||= requestAnimationFrame(draw);
    };
    const pace = createFramePace();
    let shownView = latest.current.view;
    let resting: ReturnType<typeof setTimeout> | undefined;
    const draw = (time: number) => {
      frame.current = 0;
      const now = latest.current;
      if (now.view.zoom !== shownView.zoom || now.view.x !== shownView.x || now.view.y !== shownView.y)
        pace.move(time);
      shownView = now.view;
      const share = pace.share(time, now.sweepFrom !== undefined);
      const more = renderer.current && paintFrame(renderer.current, now, rows, devicePixelRatio * share);
      clearTimeout(resting);
      if (share < 1) resting = setTimeout(() => askAgain.current(), restMs + 20);
      if (more || latest.current.sweepFrom !== undefined) ask();
      place.dataset.frames = String(Number(place.dataset.frames ?? 0) + 1);
      place.dataset.gpuBytes = String(renderer.current?.bytes() ?? 0);
    };
    askAgain.current = ask;
    ask();
    return () => {
      cancelAnimationFrame(frame.current);
      clearTimeout(resting);
      frame.current = 0;
      renderer.current?.remove();
      renderer.current = undefined;
    };
  }, [canvas, energies, airLevel, rows]);

  // Every rendering of the component is a change of the picture, or costs one frame.
  useEffect(() => askAgain.current());
  return { problem };
}

function paintFrame(renderer: Renderer, now: Picture, rows: number, dots: number): boolean {
  const { store, view, size, loupe } = now;
  const extent = { columns: now.columns, rows };
  if (!store || size.width < 1) return false;
  const paneOf = (at: Point, paneSize: Size, paneView: View): Pane => ({
    at,
    size: paneSize,
    view: paneView,
    quads: planQuads(extent, paneView, paneSize, dots, store.find),
  });
  const wanted = [...wantedTiles(extent, view, size, dots)];
  const panes = [paneOf({ x: 0, y: 0 }, size, view)];
  if (loupe) {
    const loupeSize = { width: loupe.size, height: loupe.size };
    const corner = { x: loupe.at.x - loupe.size / 2, y: loupe.at.y - loupe.size / 2 };
    wanted.push(...wantedTiles(extent, loupe.view, loupeSize, dots));
    panes.push(paneOf(corner, loupeSize, loupe.view));
  }
  store.want(wanted);
  const window =
    now.sweepFrom === undefined ? now.paint.window : sweepAt((performance.now() - now.sweepFrom) / 1000);
  return renderer.draw(size, dots, extent, panes, { ...now.paint, window });
}
