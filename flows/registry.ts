import type { StageRegistry } from './stage.ts';
import { emit } from './stages/emit.ts';
import { filter } from './stages/filter.ts';
import { geofence } from './stages/geofence.ts';
import { latest } from './stages/latest.ts';
import { map } from './stages/map.ts';
import { route } from './stages/route.ts';
import { throttle } from './stages/throttle.ts';

/** Every stage there is, by type. */
export const stages: StageRegistry = [emit, filter, geofence, latest, map, route, throttle];
