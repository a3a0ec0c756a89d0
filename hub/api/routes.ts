import type { Audit } from '../audit.ts';
import type { Berths } from '../berth/berths.ts';
import type { Boxes } from '../boxes.ts';
import type { BundleSource } from '../bundle-source.ts';
import type { HubConfig } from '../config.ts';
import type { DeviceCommands } from '../device-commands.ts';
import type { FenceSets } from '../fences/fence-sets.ts';
import type { HubReleases } from '../flows/releases.ts';
import type { FlowRunner } from '../flows/runner.ts';
import type { Laboratory } from '../laboratory/laboratory.ts';
import type { Live } from '../live/live.ts';
import type { LiveObjects } from '../live/objects.ts';
import type { People } from '../people.ts';
import type { Enrolment } from '../pki/enrolment.ts';
import type { Releases } from '../releases.ts';
import type { Scans } from '../scans/scans.ts';
import type { SeriesStore } from '../series/series.ts';
import type { Store } from '../store/store.ts';
import type { Taps } from '../taps.ts';
import type { Watch } from '../watch/lists.ts';
import { createRisk } from '../watch/risk-rules.ts';
import { berthRoutes } from './berths.ts';
import { boxRoutes } from './boxes.ts';
import { commandRoutes } from './commands.ts';
import { eventRoutes } from './events.ts';
import { fenceSetRoutes } from './fence-sets.ts';
import { hubFlowRoutes } from './hub-flows.ts';
import { laboratoryRoutes } from './laboratory.ts';
import { liveRoutes } from './live.ts';
import { mapRoutes } from './map.ts';
import { objectRoutes } from './objects.ts';
import { overviewRoutes } from './overview.ts';
import { releaseRoutes } from './releases.ts';
import { riskRoutes } from './risk.ts';
import type { Api } from './route.ts';
import { scanRoutes } from './scans.ts';
import { seriesRoutes } from './series.ts';
import { sessionRoutes } from './session.ts';
import { trackQueryRoutes } from './track-queries.ts';
import type { MapLayers } from './types.ts';
import { watchRoutes } from './watch-lists.ts';

/** What the API serves. */
export interface Served {
  readonly config: HubConfig;
  readonly version: string;
  /** Name of the hub among the boxes. */
  readonly hub: string;
  readonly now: () => number;
  readonly store: Store;
  readonly series: SeriesStore;
  readonly audit: Audit;
  readonly people: People;
  readonly boxes: Boxes;
  readonly enrolment: Enrolment;
  readonly objects: LiveObjects;
  readonly live: Live;
  readonly layers: MapLayers;
  readonly fenceSets: FenceSets;
  readonly watch: Watch;
  readonly scans: Scans;
  readonly berths: Berths;
  readonly commands: DeviceCommands;
  readonly releases: Releases;
  readonly bundles: BundleSource;
  readonly laboratory: Laboratory;
  readonly taps: Taps;
  readonly flows: { readonly releases: HubReleases; readonly runner: FlowRunner };
  /** Cuts the connection of a box. */
  readonly cut: (box: string) => void;
}

/** Everything below /api/v1. */
export function apiRoutes(api: Api, served: Served): void {
  const { config, version, now, store, audit, boxes, enrolment, live, releases, fenceSets } = served;
  const { name, sites } = config;
  const { commands, bundles, taps, cut } = served;
  sessionRoutes(api, served.people);
  overviewRoutes(api, { hub: { name, version }, sites, boxes, records: store.records, now });
  boxRoutes(api, { boxes, enrolment, audit, sites, cut });
  eventRoutes(api, store.records, boxes.siteOf);
  seriesRoutes(api, served.series);
  objectRoutes(api, { store: store.objects, records: store.records, live: served.objects, now });
  trackQueryRoutes(api, { ...store, feature: (id) => fenceSets.feature(id) }, now);
  mapRoutes(api, { documents: store.documents, first: served.layers, sets: fenceSets, audit });
  fenceSetRoutes(api, fenceSets);
  watchRoutes(api, served.watch);
  riskRoutes(api, createRisk({ documents: store.documents, records: store.records, audit, now }), now);
  scanRoutes(api, served.scans, audit);
  berthRoutes(api, { ...served.berths, boxes, now });
  commandRoutes(api, { commands, boxes });
  laboratoryRoutes(api, served.laboratory);
  releaseRoutes(api, { boxes, releases, bundles, taps, live });
  hubFlowRoutes(api, served.hub, served.flows.releases, served.flows.runner);
  liveRoutes(api, live, store.people, now);
}
