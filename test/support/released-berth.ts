import { WeekBelt, type WeekLine } from '#edge/commands/berth/weeks/belt';
import { PicturePool } from '#edge/commands/berth/weeks/pictures';
import type { Event } from '#flows/event';
import type { BoxView } from '#hub/api/types';
import { openOreWorld } from '#models/physics/ore/berth';
import { berthDocument } from './berth-events.ts';
import type { TestBox } from './box.ts';
import { type TestHub, until } from './hub.ts';

const soon = 150_000;
const lotT = 60;
/** Seed of the berth that the lots go over. */
export const releasedBerth = 5;

/** The berth of the tests, fed over the box's own broker by two spectrometers; `calibrations` of its stage of that name. */
export function releasedFlow(calibrations: readonly object[] = []) {
  const document = berthDocument();
  const sensors = [
    { device: 'nir-1', offsetM: 6, delaySeconds: 0.5 },
    { device: 'xrf-1', offsetM: 9, delaySeconds: 0.5 },
  ];
  const changes: Record<string, object> = {
    wire: { topic: 'berth/#', format: 'message' },
    place: { scale: 'scale-1', sensors, windowT: 5, latenessSeconds: 0.5 },
    own: { calibrations },
  };
  const nodes = document.nodes.map((node) => ({ ...node, config: { ...node.config, ...changes[node.id] } }));
  return { ...document, nodes };
}

/** So many lots of clean ore, L-1, L-2, …, on one belt, one after the other; each call gives the lines up to a minute after the end of the next lot. */
function lotsOnBelt(count: number) {
  const world = openOreWorld();
  const lots = Array.from({ length: count }, (_, i) => ({
    id: `L-${i + 1}`,
    ship: 'MV Released',
    brand: 'PB fines',
    declared: 'PB fines',
    wetPct: 0,
    incident: { what: 'nothing', fromT: 0, toT: lotT } as const,
    seed: i + 1,
  }));
  const start = Date.parse('2026-12-01T06:00:00Z');
  const belt = new WeekBelt(world, new PicturePool(world, 1), lotT, releasedBerth, start);
  const lines = belt.lines([{ name: 'MV Released', lots }]);
  return function* next(): Generator<WeekLine> {
    let seen = false;
    let endMs = Number.POSITIVE_INFINITY;
    for (;;) {
      const { value, done } = lines.next();
      if (done) return;
      if (seen && value.lot === undefined) endMs = Math.min(endMs, value.ms + 60_000);
      seen ||= value.lot !== undefined;
      yield value;
      if (value.ms >= endMs) return;
    }
  };
}

/** A box with that flow behind a hub: lots go by it, releases go to it. */
export async function berthBox(hub: TestHub, box: TestBox, lots: number) {
  const name = box.box.identity.box;
  const office = await box.device();
  const next = lotsOnBelt(lots);
  const event = (type: string, lot: string) =>
    until(
      async () => {
        const { events } = await hub.json<{ events: { event: Event }[] }>(
          `/events?type=${type}&subject=${lot}`,
        );
        return events[0]?.event;
      },
      `${type} of ${lot}`,
      soon,
    );
  return {
    name,
    event,
    /** The verdict on the next lot. */
    async verdict(lot: string): Promise<Event> {
      for (const { text } of next()) {
        const { node, ...message } = JSON.parse(text) as { node: string };
        if (['scale', 'nir', 'xrf', 'office'].includes(node))
          await office.publishAsync(`berth/${node}`, JSON.stringify(message), { qos: 1 });
      }
      return (await event('quaywatch.lot.verdict', lot)) as Event;
    },
    release: (flows: readonly object[], bundles: readonly { id: string; version: string }[]) =>
      hub.api(`/boxes/${name}/release`, { method: 'POST', body: JSON.stringify({ flows, bundles }) }),
    released: (version: number, state: string) =>
      until(
        async () => {
          const view = (await hub.json<BoxView>(`/boxes/${name}`)).release;
          return view?.version === version && view.state === state && view;
        },
        `release ${version} to be ${state}`,
        soon,
      ),
  };
}
