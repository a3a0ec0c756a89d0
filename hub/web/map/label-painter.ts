import type { Map as MapLibreMap } from 'maplibre-gl';
import type { MapLayers, ObjectState } from '#hub/api/types';
import { isStale } from '../format/freshness.ts';
import { sealIsAbnormal } from '../format/severity.ts';
import { shortDuration } from '../format/time.ts';
import { createCarried } from './carried.ts';
import type { Colours } from './colours.ts';
import { labelPoint } from './geometry.ts';
import { type Bounds, type Grid, gridLabel } from './grid.ts';
import { type Label, type Placed, placeLabels, type Room } from './labels.ts';
import type { Marks } from './object-buffer.ts';

interface Place {
  readonly lon: number;
  readonly lat: number;
  readonly text: string;
  readonly fence?: string;
  readonly fromZoom: number;
  readonly rank: number;
}

/** From which zoom a place is named: what is large early, what is small late. */
const zoomOfLayer: Record<string, number> = {
  label: 9,
  water: 11,
  yard: 14,
  gate: 12.5,
  quay: 13,
  road: 13,
  berth: 14,
  building: 15,
};
const mostObjects = 60;

/** Draws names on a canvas above the map: places, fences, and of the objects only those that matter now. */
export function createLabelPainter(map: MapLibreMap, canvas: HTMLCanvasElement, first: Colours) {
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const carried = createCarried(map, canvas);
  let colours = first;
  let places: Place[] = [];
  let objects: ReadonlyMap<string, ObjectState> = new Map();
  let marks: Marks = { moment: 0, alarming: new Set(), selected: undefined, designated: new Set() };
  let fences: { alarm: ReadonlySet<string>; selected: string | undefined } = {
    alarm: new Set(),
    selected: undefined,
  };
  let hover: string | undefined;
  let drawsObjects = false;
  let grid: { grid: Grid; bounds: Bounds } | undefined;

  const rem = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const fontOf = (tone: Label['tone']) =>
    `${tone === 'alarm' || tone === 'select' ? '600 ' : ''}${(tone === 'place' || tone === 'fence' ? 0.82 : 0.9) * rem()}px system-ui, "Noto Sans", "DejaVu Sans", sans-serif`;
  const measure = (text: string, tone: Label['tone']) => {
    context.font = fontOf(tone);
    return { width: context.measureText(text).width, height: 1.25 * rem() };
  };
  const at = (lon: number, lat: number) => map.project([lon, lat]);

  function labels(): Label[] {
    const zoom = map.getZoom();
    const list: Label[] = [];
    for (const place of places) {
      const alarm = place.fence !== undefined && fences.alarm.has(place.fence);
      const selected = place.fence !== undefined && fences.selected === place.fence;
      if (zoom < place.fromZoom && !alarm && !selected) continue;
      const tone = alarm ? 'alarm' : selected ? 'select' : place.fence === undefined ? 'place' : 'fence';
      const text = alarm ? `▲ ${place.text}` : place.text;
      list.push({
        ...at(place.lon, place.lat),
        text,
        tone,
        rank: alarm ? 80 : selected ? 70 : place.rank,
        anchor: 'middle',
      });
    }
    const objectsNow = named();
    drawsObjects = objectsNow.length > 0;
    for (const object of objectsNow) {
      const { x, y } = at(object.lon, object.lat);
      list.push({ x, y, anchor: 'right', ...describe(object) });
    }
    return list;
  }
  function named(): ObjectState[] {
    const ids = new Set<string>();
    if (marks.selected !== undefined) ids.add(marks.selected);
    if (hover !== undefined) ids.add(hover);
    for (const some of [marks.designated.keys(), marks.alarming])
      for (const id of some) if (ids.size < mostObjects) ids.add(id);
    return [...ids].flatMap((id) => objects.get(id) ?? []);
  }
  function describe(object: ObjectState): Pick<Label, 'text' | 'tone' | 'rank'> {
    const alarm = marks.alarming.has(object.object);
    const words = [object.object];
    if (object.seal && sealIsAbnormal(object.seal.state)) words.push(`seal ${object.seal.state}`);
    if (isStale(object, marks.moment))
      words.push(`no fix for ${shortDuration(marks.moment - Date.parse(object.time))}`);
    const selected = object.object === marks.selected;
    return {
      text: `${alarm ? '▲ ' : ''}${words.join(' · ')}`,
      tone: alarm ? 'alarm' : selected ? 'select' : 'object',
      rank: selected ? 100 : object.object === hover ? 95 : 90,
    };
  }
  function draw(label: Placed) {
    const tones = {
      place: colours.muted,
      fence: colours.fence,
      alarm: colours.alarm,
      select: colours.select,
      object: colours.text,
    };
    context.font = fontOf(label.tone);
    context.textBaseline = 'middle';
    context.lineWidth = 3.5;
    context.lineJoin = 'round';
    context.strokeStyle = colours.ground;
    context.strokeText(label.text, label.left, label.top + label.height / 2);
    context.fillStyle = tones[label.tone];
    context.fillText(label.text, label.left, label.top + label.height / 2);
  }
  const gridFont = () => `${0.72 * rem()}px system-ui, "DejaVu Sans", sans-serif`;
  /** Draws the names of the grid's lines, and says what room they take. */
  function drawGrid(width: number, height: number): Room[] {
    if (!grid) return [];
    const rooms: Room[] = [];
    const write = (text: string, left: number, top: number) => {
      context.fillText(text, left, top);
      rooms.push({ left, top, width: context.measureText(text).width, height: 0.9 * rem() });
    };
    context.font = gridFont();
    context.fillStyle = colours.muted;
    context.textBaseline = 'top';
    const { meridians, parallels, stepDeg } = grid.grid;
    for (const lon of meridians) {
      const { x } = at(lon, grid.bounds.south);
      if (x > 60 && x < width - 60) write(gridLabel(lon, 'lon', stepDeg), x + 3, 3);
    }
    for (const lat of parallels) {
      const { y } = at(grid.bounds.west, lat);
      if (y > 60 && y < height - 4 * rem()) write(gridLabel(lat, 'lat', stepDeg), 4, y + 2);
    }
    return rooms;
  }

  function paint() {
    const beganMs = performance.now();
    const { clientWidth: width, clientHeight: height } = map.getCanvas();
    const ratio = window.devicePixelRatio;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const taken = drawGrid(width, height);
    for (const label of placeLabels(labels(), { width, height }, measure, taken).reverse()) draw(label);
    carried.drawnAt(undefined, beganMs);
  }

  return {
    paint,
    follow: carried.follow,
    isFresh: carried.isFresh,
    /** Whether what is drawn, or was drawn last, names objects: then it moves with them. */
    followsObjects: () => drawsObjects || named().length > 0,
    setPlaces(layers: MapLayers) {
      places = [...portPlaces(layers), ...fencePlaces(layers)];
      map.triggerRepaint();
    },
    setObjects(next: ReadonlyMap<string, ObjectState>, nextMarks: Marks) {
      objects = next;
      marks = nextMarks;
    },
    setFenceStates(next: typeof fences) {
      fences = next;
      map.triggerRepaint();
    },
    setHover(object: string | undefined) {
      if (object === hover) return;
      hover = object;
      paint();
    },
    /** Room that the name of a line of the grid takes, CSS px. */
    gridNamePx(): number {
      context.font = gridFont();
      return context.measureText(gridLabel(179.99, 'lon', 1 / 600)).width * 1.4;
    },
    setGrid(next: Grid, bounds: Bounds) {
      grid = { grid: next, bounds };
    },
    setColours(next: Colours) {
      colours = next;
    },
  };
}

const portPlaces = ({ port }: MapLayers): Place[] =>
  port.features.flatMap((feature) => {
    const { name, layer } = feature.properties ?? {};
    const point = feature.geometry && labelPoint(feature.geometry);
    if (typeof name !== 'string' || !point) return [];
    const fromZoom = zoomOfLayer[String(layer)] ?? 14;
    return [{ lon: point[0] ?? 0, lat: point[1] ?? 0, text: name, fromZoom, rank: 40 - fromZoom }];
  });

/** A fence's name stands at the upper edge of it, apart from the place that it is drawn around. */
const fencePlaces = ({ fences }: MapLayers): Place[] =>
  fences.features.flatMap((feature) => {
    const { id, name } = feature.properties ?? {};
    const point = feature.geometry && labelPoint(feature.geometry);
    if (!point) return [];
    return [
      {
        lon: point[0] ?? 0,
        lat: point[1] ?? 0,
        text: typeof name === 'string' ? name : String(id),
        fence: String(id),
        fromZoom: 13.5,
        rank: 10,
      },
    ];
  });
