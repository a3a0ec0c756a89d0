import { type Static, Type } from 'typebox';
import type { Message, MessageOf } from '../message.ts';
import type { CargoConfig, CargoLeg } from './cargo-config.ts';
import type { Tell } from './corrections.ts';
import { eventAbout, saidOf } from './fixes.ts';
import { plain } from './points.ts';
import type { Machine } from './revise.ts';
import { eventTime, toIso } from './time.ts';

type Passage = MessageOf<'passage'>;

/** A container at a point, and the truck that it is on. */
const Visit = Type.Object({
  point: Type.String({ description: 'The point.' }),
  lane: Type.String({ description: 'The lane at it.' }),
  ms: Type.Number({ description: 'When it was read, epoch ms.' }),
  plate: Type.Optional(Type.String({ description: 'The plate that was read with it.' })),
  others: Type.Optional(
    Type.Array(Type.String(), { description: 'What the reader says that the plate may be as well.' }),
  ),
  massKg: Type.Optional(Type.Number({ description: 'Gross mass, kg.' })),
  judged: Type.Boolean({ description: 'It has been held against the begin of its leg.' }),
});
type Visit = Static<typeof Visit>;
export const Cargo = Type.Object({
  container: Type.String({ description: 'Its number.' }),
  plates: Type.Array(Type.Unknown(), { description: 'Plates that were read last where it may come next.' }),
  visit: Type.Optional(Visit),
  begun: Type.Record(Type.String(), Visit, { description: 'Where its legs began, by their names.' }),
});
export type Cargo = Omit<Static<typeof Cargo>, 'plates'> & { plates: Passage[] };

/** The clock's word that no plate comes any more: an event that nobody sees. */
export const settledType = 'settled';
/** Readers say one passage several times, within this, ms. */
const sameVisitMs = 120_000;

export const isContainer = ({ attributes }: Passage): boolean => attributes.container === true;
const laneOf = ({ lane }: Passage): string => lane ?? '';
const massOf = ({ attributes: { weightKg } }: Passage): number | undefined =>
  typeof weightKg === 'number' && weightKg > 0 ? weightKg : undefined;
const othersOf = ({ attributes: { alternatives } }: Passage): string[] =>
  Array.isArray(alternatives) ? alternatives.filter((one) => typeof one === 'string') : [];

/** Whether a plate may be the other one, by what the readers themselves are not sure of. */
function mayBeSame(a: Visit, b: Visit): boolean {
  const names = ({ plate = '', others = [] }: Visit) => [plate, ...others].map(plain);
  const [one, other] = [names(a), names(b)];
  return other.includes(one[0] as string) || one.includes(other[0] as string);
}

/** What one container goes through: the trucks that it is read on, at the points of its legs. */
export function cargoLegs(config: CargoConfig, node: string): Machine<Cargo> {
  const { legs, massTolerancePct, massToleranceKg } = config;
  const pairMs = config.pairSeconds * 1000;

  function massDiffers(a: number | undefined, b: number | undefined): boolean {
    if (a === undefined || b === undefined) return false;
    const apartKg = Math.abs(a - b);
    return apartKg > massToleranceKg && apartKg > (Math.max(a, b) * massTolerancePct) / 100;
  }

  /** The end of a leg: on which truck, how heavy, and what of it is not as it was at the begin. */
  function arrive(container: string, leg: CargoLeg, begin: Visit, end: Visit, tell: Tell): void {
    const isRead = begin.plate !== undefined && end.plate !== undefined;
    const differs = [
      ...(isRead && !mayBeSame(begin, end) ? ['truck'] : []),
      ...(massDiffers(begin.massKg, end.massKg) ? ['mass'] : []),
    ];
    const masses = { massKg: end.massKg, beforeKg: begin.massKg };
    const data = {
      leg: leg.id,
      differs,
      unread: !isRead,
      truck: end.plate,
      before: begin.plate,
      from: begin.point,
      point: end.point,
      began: toIso(begin.ms),
      seconds: (end.ms - begin.ms) / 1000,
      ...masses,
    };
    const type = differs.length > 0 ? 'quaywatch.cargo.changed' : 'quaywatch.cargo.arrived';
    tell(eventAbout(type, container, toIso(end.ms), node, saidOf(data)));
  }

  function judge(cargo: Cargo, visit: Visit, tell: Tell): void {
    if (visit.judged) return;
    visit.judged = true;
    for (const leg of legs) {
      const begin = cargo.begun[leg.id];
      if (begin && leg.to.includes(visit.point)) {
        delete cargo.begun[leg.id];
        if (visit.ms - begin.ms <= leg.maxHours * 3_600_000) arrive(cargo.container, leg, begin, visit, tell);
      }
      if (leg.from.includes(visit.point)) cargo.begun[leg.id] = { ...visit };
    }
  }

  function weigh(visit: Visit, passage: Passage): void {
    const massKg = visit.massKg ?? massOf(passage);
    if (massKg !== undefined) visit.massKg = massKg;
  }
  function ride(visit: Visit, passage: Passage): void {
    visit.plate = passage.object;
    visit.others = othersOf(passage);
    weigh(visit, passage);
  }

  /** Whether nothing more is to be read of it that somebody asks for. */
  function isWhole({ begun }: Cargo, { plate, massKg, point }: Visit): boolean {
    if (plate === undefined || massKg !== undefined) return plate !== undefined;
    return !legs.some(
      ({ id, from, to }) => from.includes(point) || (to.includes(point) && begun[id]?.massKg !== undefined),
    );
  }

  const isThere = (visit: Visit, passage: Passage, ms: number) =>
    visit.point === passage.point && visit.lane === laneOf(passage) && Math.abs(ms - visit.ms) <= pairMs;

  function comes(cargo: Cargo, passage: Passage, ms: number, tell: Tell): void {
    const { visit: last } = cargo;
    if (last && last.point === passage.point && ms - last.ms <= sameVisitMs) {
      if (last.judged) return;
      weigh(last, passage);
      if (isWhole(cargo, last)) judge(cargo, last, tell);
      return;
    }
    if (last) judge(cargo, last, tell);
    const visit: Visit = { point: passage.point, lane: laneOf(passage), ms, judged: false };
    cargo.visit = visit;
    weigh(visit, passage);
    const plate = cargo.plates.findLast((one) => isThere(visit, one, eventTime(one)));
    cargo.plates = [];
    if (plate) ride(visit, plate);
    if (isWhole(cargo, visit)) judge(cargo, visit, tell);
  }

  function reads(cargo: Cargo, plate: Passage, ms: number, tell: Tell): void {
    const { visit } = cargo;
    if (!visit || visit.judged || !isThere(visit, plate, ms)) {
      cargo.plates = [...cargo.plates.filter((one) => ms - eventTime(one) <= pairMs), plate];
      return;
    }
    // the next truck may be at the lane already, and a weighbridge speaks after the camera
    if (visit.plate === undefined) ride(visit, plate);
    else if (plain(visit.plate) === plain(plate.object)) weigh(visit, plate);
    if (isWhole(cargo, visit)) judge(cargo, visit, tell);
  }

  return {
    step(known, message: Message, tell) {
      const ms = eventTime(message);
      const cargo: Cargo = known ?? { container: '', plates: [], begun: {} };
      const { visit } = cargo;
      if (message.kind !== 'passage') {
        if (visit && ms - visit.ms >= pairMs) judge(cargo, visit, tell);
      } else if (isContainer(message)) {
        cargo.container = message.object;
        comes(cargo, message, ms, tell);
      } else reads(cargo, message, ms, tell);
      return cargo;
    },
  };
}
