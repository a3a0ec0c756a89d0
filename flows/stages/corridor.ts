import { type Static, Type } from 'typebox';
import { type Line, lengthOf, metresBetween, offsetsOf } from '../geo/polyline.ts';
import { process } from '../process.ts';
import { defineStage } from '../stage.ts';
import { CorridorConfig, checkCorridors, corridorsOf } from './corridor-config.ts';
import { Ride, ride } from './corridor-ride.ts';
import { refusal } from './faults.ts';
import { eventAbout, onEarth, usable } from './fixes.ts';
import { deviceOf } from './keys.ts';
import { type Machine, remembered, reviser } from './revise.ts';
import { eventTime, timeText, toIso } from './time.ts';

const Watched = Type.Object({
  lon: Type.Number({ description: 'Longitude of the last fix, degrees.' }),
  lat: Type.Number({ description: 'Its latitude, degrees.' }),
  rides: Type.Record(Type.String(), Ride, { description: 'By id of the corridor.' }),
});

/** An object is watched from the first fix on a corridor on; past either end of it, it is free again. */
export const corridor = defineStage({
  type: 'corridor',
  summary: 'Says when objects leave a route that they were on, drive it the wrong way, and come back to it.',
  accepts: ['event', 'position'],
  emits: ['event'],
  config: CorridorConfig,
  state: remembered(Watched),
  outputs: () => ['late'],
  check: checkCorridors,
  build(config, ctx) {
    const { devices, maxAccuracyM, confirmSeconds } = config;
    const routes = corridorsOf(config, ctx.resources).map((one) => {
      const line = one.line as unknown as Line;
      const [[x0, y0], [x1, y1]] = [line[0], line.at(-1)] as [Line[0], Line[0]];
      const lengthM = lengthOf(line);
      // the line of a round: its end is nearer to its begin than a place is known, and far along
      const closed = metresBetween(x0, y0, x1, y1) <= one.widthM && lengthM > 4 * one.widthM;
      const rules = { ...config, ...one, confirmMs: confirmSeconds * 1000, lengthM, closed };
      return { id: one.id, line, rules };
    });
    const machine: Machine<Static<typeof Watched>> = {
      step(known, message, tell) {
        if (message.kind !== 'position') return known ?? { lon: 0, lat: 0, rides: {} };
        const { lon, lat } = message;
        const watched = known ?? { lon, lat, rides: {} };
        const ms = eventTime(message);
        const wayM = metresBetween(watched.lon, watched.lat, lon, lat);
        for (const { id, line, rules } of routes) {
          const before = Object.hasOwn(watched.rides, id) ? watched.rides[id] : undefined;
          const places = offsetsOf(line, lon, lat, rules.widthM);
          const { ride: after, changes } = ride(before, places, wayM, ms, rules);
          if (after) watched.rides[id] = after;
          else delete watched.rides[id];
          for (const { what, atMs, data } of changes) {
            const all = { corridor: id, confirmed: timeText(message) ?? '', ...data, lon, lat };
            tell(eventAbout(`quaywatch.corridor.${what}`, deviceOf(message), toIso(atMs), ctx.node, all));
          }
        }
        return Object.assign(watched, { lon, lat });
      },
    };
    const objects = reviser(ctx, machine, {
      latenessMs: config.latenessSeconds * 1000,
      maxKeys: config.maxDevices,
    });
    return process(ctx, {
      message(message, out) {
        if (message.kind === 'event') return out(message); // what a stage before it concluded
        if (message.kind !== 'position') {
          throw refusal('message.kind', { kind: message.kind, stage: 'corridor', accepted: 'positions' });
        }
        if (!usable(message, maxAccuracyM)) return;
        if (!onEarth(message))
          throw refusal('message.invalid', { kind: 'position', detail: 'it is on no place of the Earth' });
        const device = deviceOf(message);
        if (devices && !devices.includes(device)) return;
        if (!objects.take(device, message, out)) ctx.send('late', message);
      },
    });
  },
});
