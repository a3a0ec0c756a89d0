import type { StageRegistry } from './stage.ts';
import { companion } from './stages/companion.ts';
import { control } from './stages/control.ts';
import { corridor } from './stages/corridor.ts';
import { dedupe } from './stages/dedupe.ts';
import { emit } from './stages/emit.ts';
import { encounter } from './stages/encounter.ts';
import { filter } from './stages/filter.ts';
import { geofence } from './stages/geofence.ts';
import { guard } from './stages/guard.ts';
import { hygiene } from './stages/hygiene.ts';
import { infer } from './stages/infer.ts';
import { join } from './stages/join.ts';
import { latest } from './stages/latest.ts';
import { map } from './stages/map.ts';
import { match } from './stages/match.ts';
import { reorder } from './stages/reorder.ts';
import { route } from './stages/route.ts';
import { separation } from './stages/separation.ts';
import { stop } from './stages/stop.ts';
import { threshold } from './stages/threshold.ts';
import { throttle } from './stages/throttle.ts';
import { verdict } from './stages/verdict.ts';
import { window } from './stages/window.ts';

/** Every stage there is, by type. */
export const stages: StageRegistry = [
  companion,
  control,
  corridor,
  dedupe,
  emit,
  encounter,
  filter,
  geofence,
  guard,
  hygiene,
  infer,
  join,
  latest,
  map,
  match,
  reorder,
  route,
  separation,
  stop,
  threshold,
  throttle,
  verdict,
  window,
];
