import type { Extent } from '../pixels/levels.ts';

/** Where one looks: screen px (CSS) per pixel of the scan, and the scan's point in the middle of the picture. */
export interface View {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const zooms = { least: 0.02, most: 24 } as const;

/** All of the scan, with a little air. */
export function fitView(extent: Extent, size: Size): View {
  const zoom =
    Math.min(size.width / Math.max(1, extent.columns), size.height / Math.max(1, extent.rows)) * 0.98;
  return bounded({ zoom, x: extent.columns / 2, y: extent.rows / 2 }, extent);
}

/** A region with as much around it as is needed to see where it is. */
export function viewOf(
  region: { column: number; row: number; columns: number; rows: number },
  size: Size,
): View {
  const zoom = Math.min(size.width / (region.columns * 2.2), size.height / (region.rows * 2.2), 4);
  return { zoom, x: region.column + region.columns / 2, y: region.row + region.rows / 2 };
}

/** The same with a zoom and a middle that there are. */
export const bounded = (view: View, extent: Extent): View => ({
  zoom: Math.min(zooms.most, Math.max(zooms.least, view.zoom)),
  x: Math.min(extent.columns, Math.max(0, view.x)),
  y: Math.min(extent.rows, Math.max(0, view.y)),
});

export const toScreen = (view: View, size: Size, point: Point): Point => ({
  x: (point.x - view.x) * view.zoom + size.width / 2,
  y: (point.y - view.y) * view.zoom + size.height / 2,
});

export const toScan = (view: View, size: Size, point: Point): Point => ({
  x: (point.x - size.width / 2) / view.zoom + view.x,
  y: (point.y - size.height / 2) / view.zoom + view.y,
});

/** Closer by a factor; what is under `at` (screen) stays there. */
export function zoomedAt(view: View, size: Size, factor: number, at: Point): View {
  const zoom = Math.min(zooms.most, Math.max(zooms.least, view.zoom * factor));
  const under = toScan(view, size, at);
  return {
    zoom,
    x: under.x - (at.x - size.width / 2) / zoom,
    y: under.y - (at.y - size.height / 2) / zoom,
  };
}

/** Moved by so many screen px. */
export const panned = (view: View, dx: number, dy: number): View => ({
  ...view,
  x: view.x - dx / view.zoom,
  y: view.y - dy / view.zoom,
});

/** A round length for the scale bar, at most `room` screen px. */
export function scaleBar(zoom: number, pixelMm: number, room: number): { mm: number; width: number } {
  const most = (room / zoom) * pixelMm;
  const power = 10 ** Math.floor(Math.log10(most));
  const mm = [5, 2, 1].map((n) => n * power).find((each) => each <= most) ?? power;
  return { mm, width: (mm / pixelMm) * zoom };
}

/** `1.20 m`, `450 mm`. */
export const length = (mm: number): string =>
  mm >= 1000 ? `${(mm / 1000).toFixed(2)} m` : `${mm >= 10 ? Math.round(mm) : mm.toFixed(1)} mm`;
