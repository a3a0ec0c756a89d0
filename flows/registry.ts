import type { StageRegistry } from './stage.ts';
import { anomaly } from './stages/anomaly.ts';
import { belt } from './stages/belt.ts';
import { brand } from './stages/brand.ts';
import { calibration } from './stages/calibration.ts';
import { cargo } from './stages/cargo.ts';
import { companion } from './stages/companion.ts';
import { control } from './stages/control.ts';
import { corridor } from './stages/corridor.ts';
import { dedupe } from './stages/dedupe.ts';
import { elements } from './stages/elements.ts';
import { emit } from './stages/emit.ts';
import { encounter } from './stages/encounter.ts';
import { filter } from './stages/filter.ts';
import { geofence } from './stages/geofence.ts';
import { guard } from './stages/guard.ts';
import { hygiene } from './stages/hygiene.ts';
import { ignition } from './stages/ignition.ts';
import { impurity } from './stages/impurity.ts';
import { inclusion } from './stages/inclusion.ts';
import { infer } from './stages/infer.ts';
import { instrument } from './stages/instrument.ts';
import { join } from './stages/join.ts';
import { latest } from './stages/latest.ts';
import { lot } from './stages/lot.ts';
import { map } from './stages/map.ts';
import { match } from './stages/match.ts';
import { outage } from './stages/outage.ts';
import { radiation } from './stages/radiation.ts';
import { reorder } from './stages/reorder.ts';
import { ring } from './stages/ring.ts';
import { route } from './stages/route.ts';
import { sealed } from './stages/sealed.ts';
import { separation } from './stages/separation.ts';
import { slag } from './stages/slag.ts';
import { stop } from './stages/stop.ts';
import { threshold } from './stages/threshold.ts';
import { throttle } from './stages/throttle.ts';
import { verdict } from './stages/verdict.ts';
import { view } from './stages/view.ts';
import { window } from './stages/window.ts';
import { witness } from './stages/witness.ts';

/** Every stage there is, by type. */
export const stages: StageRegistry = [
  anomaly,
  belt,
  brand,
  calibration,
  cargo,
  companion,
  control,
  corridor,
  dedupe,
  elements,
  emit,
  encounter,
  filter,
  geofence,
  guard,
  hygiene,
  ignition,
  impurity,
  inclusion,
  infer,
  instrument,
  join,
  latest,
  lot,
  map,
  match,
  outage,
  radiation,
  reorder,
  ring,
  route,
  sealed,
  separation,
  slag,
  stop,
  threshold,
  throttle,
  verdict,
  view,
  window,
  witness,
];
