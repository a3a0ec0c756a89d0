import 'maplibre-gl/dist/maplibre-gl.css';
import type { FeatureCollection, Position } from 'geojson';
import * as maplibregl from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { MapLayers, ObjectState } from '#hub/api/types';
import type { View } from '../state/address.ts';
import type { Colours } from './colours.ts';
import { createCrowdCanvas, drawsInSoftware } from './crowd-canvas.ts';
import { createDrawing } from './drawing.ts';
import { type Bounds, gridFor, gridLines } from './grid.ts';
import { holdGround } from './held-ground.ts';
import { createLabelPainter } from './label-painter.ts';
import { loadLand } from './land.ts';
import { createPacker, type Marks, type ObjectBuffer, pickObject } from './object-buffer.ts';
import { createObjectLayer, projection } from './object-layer.ts';
import { recolour, styleOf } from './style.ts';

export type Picked = { readonly object: string } | { readonly fence: string } | undefined;

export interface PortMapOptions {
  readonly container: HTMLElement;
  readonly labels: HTMLCanvasElement;
  /** Where the objects are drawn on machines without a graphics card, and the ground while it moves there. */
  readonly crowd: HTMLCanvasElement;
  readonly ground: HTMLCanvasElement;
  readonly colours: Colours;
  readonly view: View | undefined;
  readonly onView: (view: View) => void;
  readonly onPick: (picked: Picked) => void;
  /** A hand moved the map. */
  readonly onGrab: () => void;
  readonly onReady: () => void;
  readonly onGroundFailed: () => void;
}

/** What is smaller across cannot be worked on by hand. */
const leastShownPx = 60;
const nothing: FeatureCollection = { type: 'FeatureCollection', features: [] };

export type PortMap = ReturnType<typeof createPortMap>;

/** The map of the port; React only tells it what to show. Throws where WebGL 2 is missing. */
export function createPortMap(options: PortMapOptions) {
  maplibregl.setWorkerUrl(workerUrl);
  const { view } = options;
  const software = drawsInSoftware();
  const map = new maplibregl.Map({
    container: options.container,
    style: styleOf(options.colours),
    center: view ? [view.lon, view.lat] : [0, 20],
    zoom: view?.zoom ?? 1.5,
    maxZoom: 20,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    canvasContextAttributes: { preserveDrawingBuffer: software },
    renderWorldCopies: false,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 140, unit: 'metric' }), 'bottom-left');

  const stop = new AbortController();
  const drawing = createDrawing(map);
  const layer = createObjectLayer(options.colours);
  const crowd = software ? createCrowdCanvas(map, options.crowd, options.colours) : undefined;
  const ground = software ? holdGround(map, options.ground) : undefined;
  const pack = createPacker();
  const painter = createLabelPainter(map, options.labels, options.colours);
  const overlays = crowd ? [crowd, painter] : [painter];
  let buffer: ObjectBuffer = { data: new Float32Array(), ids: [], originX: 0, originY: 0 };
  let fenceStates: { alarm: ReadonlySet<string>; selected: string | undefined } = {
    alarm: new Set(),
    selected: undefined,
  };
  let fenceIds: string[] = [];
  let land: 'none' | 'coarse' | 'fine' = 'none';
  let loaded = false;
  const waiting: (() => void)[] = [];
  const whenLoaded = (run: () => void): void => {
    if (loaded) run();
    else waiting.push(run);
  };

  const source = (name: string) => map.getSource<maplibregl.GeoJSONSource>(name);
  const viewBounds = (): Bounds => {
    const b = map.getBounds();
    return { west: b.getWest(), south: b.getSouth(), east: b.getEast(), north: b.getNorth() };
  };
  const drawGrid = () => {
    const bounds = viewBounds();
    const grid = gridFor(bounds, map.getCanvas().clientWidth / painter.gridNamePx());
    void source('grid')?.setData(gridLines(grid, bounds));
    painter.setGrid(grid, bounds);
  };
  /** Coast lines only where they are shown, and fine ones only where one would see it. */
  const wantLand = () => {
    const zoom = map.getZoom();
    const wanted = zoom > 11.5 ? 'none' : zoom > 5 ? 'fine' : 'coarse';
    if (wanted === 'none' || wanted === land || land === 'fine') return;
    land = wanted;
    loadLand(wanted, stop.signal).then(
      (data) => source('land')?.setData(data),
      () => {
        land = 'none';
        if (!stop.signal.aborted) options.onGroundFailed();
      },
    );
  };
  const markFences = () => {
    for (const id of fenceIds)
      map.setFeatureState(
        { source: 'fences', id },
        { alarm: fenceStates.alarm.has(id), selected: fenceStates.selected === id },
      );
    painter.setFenceStates(fenceStates);
  };
  const pick = (point: { x: number; y: number }): Picked => {
    const object = pickObject(buffer, projection(map, buffer.originX, buffer.originY), point.x, point.y);
    if (object !== undefined) return { object };
    const [fence] = map.queryRenderedFeatures([point.x, point.y], { layers: ['fence-areas'] });
    return fence ? { fence: String(fence.properties.id) } : undefined;
  };

  map.on('load', () => {
    loaded = true;
    if (!crowd) map.addLayer(layer);
    for (const run of waiting.splice(0)) run();
    drawGrid();
    wantLand();
    options.onReady();
  });
  map.on('moveend', () => {
    drawGrid();
    wantLand();
    const centre = map.getCenter();
    options.onView({ zoom: map.getZoom(), lat: centre.lat, lon: centre.lng });
  });
  map.on('render', () => {
    for (const overlay of overlays)
      if (ground?.isHeld() && overlay.isFresh()) overlay.follow();
      else overlay.paint();
  });
  map.on('dragstart', options.onGrab);
  map.on('click', (event) => {
    if (!drawing.takes(event)) options.onPick(pick(event.point));
  });
  map.on('mousemove', (event) => {
    if (drawing.held()) return;
    const picked = pick(event.point);
    map.getCanvas().style.cursor = picked ? 'pointer' : '';
    painter.setHover(picked && 'object' in picked ? picked.object : undefined);
  });
  map.on('mouseout', () => painter.setHover(undefined));

  return {
    setLayers(layers: MapLayers) {
      fenceIds = layers.fences.features.map((f) => String(f.properties?.id));
      whenLoaded(() => {
        void source('port')?.setData(layers.port);
        void source('fences')?.setData(layers.fences);
        void source('routes')?.setData(layers.routes ?? nothing);
        painter.setPlaces(layers);
        markFences();
      });
    },
    setObjects(objects: ReadonlyMap<string, ObjectState>, marks: Marks) {
      buffer = pack(objects, marks);
      painter.setObjects(objects, marks);
      if (!crowd) {
        layer.setObjects(buffer);
        return;
      }
      crowd.setObjects(buffer);
      if (painter.followsObjects()) painter.paint();
    },
    setFences(states: { alarm: ReadonlySet<string>; selected: string | undefined }) {
      fenceStates = states;
      whenLoaded(markFences);
    },
    setTrack: (lines: FeatureCollection) => whenLoaded(() => void source('track')?.setData(lines)),
    /** What is being drawn; undefined: nothing is. */
    setDraft: (draft: FeatureCollection | undefined) =>
      whenLoaded(() => void source('draft')?.setData(draft ?? nothing)),
    setStops: (spots: FeatureCollection | undefined) =>
      whenLoaded(() => void source('stops')?.setData(spots ?? nothing)),
    /** The hand that draws. */
    drawing,
    /** Id of the fence or route at a place. */
    fenceAt([lon = 0, lat = 0]: Position): string | undefined {
      const { x, y } = map.project([lon, lat]);
      const box: [[number, number], [number, number]] = [
        [x - 4, y - 4],
        [x + 4, y + 4],
      ];
      const [found] = map.queryRenderedFeatures(box, {
        layers: ['draft-areas', 'draft-lines', 'route-lines', 'fence-areas'],
      });
      return found && String(found.properties.id);
    },
    bounds: viewBounds,
    fit(bounds: Bounds, calm = false) {
      map.fitBounds([bounds.west, bounds.south, bounds.east, bounds.north], {
        padding: Math.min(60, map.getCanvas().clientWidth / 12),
        maxZoom: 16.5,
        animate: !calm,
        duration: 500,
      });
    },
    centre: (lon: number, lat: number, zoom?: number) =>
      map.easeTo({
        center: [lon, lat],
        duration: 400,
        ...(zoom === undefined ? {} : { zoom: Math.max(zoom, map.getZoom()) }),
      }),
    /** Moves there at once, as the address says. */
    jump: ({ lon, lat, zoom }: View) => map.jumpTo({ center: [lon, lat], zoom }),
    zoom: (by: number) => map.zoomTo(map.getZoom() + by, { duration: 200 }),
    /** Whether all of it is in view, and not too small to be worked on. */
    shows({ west, south, east, north }: Bounds): boolean {
      const view = map.getBounds();
      const [a, b] = [map.project([west, south]), map.project([east, north])];
      return (
        view.contains([west, south]) &&
        view.contains([east, north]) &&
        Math.hypot(b.x - a.x, b.y - a.y) > leastShownPx
      );
    },
    isVisible: (lon: number, lat: number) => map.getBounds().contains([lon, lat]),
    setColours(colours: Colours) {
      layer.setColours(colours);
      crowd?.setColours(colours);
      painter.setColours(colours);
      whenLoaded(() => recolour(map, colours));
    },
    remove() {
      stop.abort();
      crowd?.remove();
      ground?.remove();
      map.remove();
    },
  };
}
