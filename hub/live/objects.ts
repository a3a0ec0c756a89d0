import type { ObjectState, StoredEvent } from '../api/types.ts';
import { type Projection, project } from '../store/projection.ts';
import { History } from './history.ts';

type Mutable = { -readonly [K in keyof ObjectState]: ObjectState[K] };

type Fence = NonNullable<Projection['fence']>;
type Seal = ObjectState['seal'];
/** What may be corrected of an object. */
interface Histories {
  readonly fences: History<readonly string[], Fence>;
  readonly seal: History<Seal, Seal>;
}

function crossed(fences: readonly string[], { id, inside }: Fence): readonly string[] {
  const others = fences.filter((other) => other !== id);
  return inside ? [...others, id].sort() : others;
}

/** More objects than this are not held live; those heard longest ago go first. */
const limit = 100_000;

/** The newest state of every object, kept up to date from the events as they are stored. */
export function createLiveObjects(start: readonly ObjectState[]) {
  const objects = new Map<string, ObjectState>(start.map((state) => [state.object, state]));
  /** Fences and seals of objects whose place is not known yet. */
  const unplaced = new Map<string, Pick<ObjectState, 'fences' | 'seal'>>();
  const histories = new Map<string, Histories>();

  function keep(state: ObjectState): void {
    objects.delete(state.object); // to the end: the map's order is that of hearing
    objects.set(state.object, state);
    if (objects.size <= limit) return;
    const [oldest = ''] = objects.keys();
    objects.delete(oldest);
    histories.delete(oldest);
  }

  function historiesOf(object: string, { fences, seal }: Pick<ObjectState, 'fences' | 'seal'>): Histories {
    const known = histories.get(object) ?? {
      fences: new History(fences, crossed),
      seal: new History<Seal, Seal>(seal, (_, next) => next),
    };
    histories.set(object, known);
    return known;
  }

  function apply({ event, position }: StoredEvent, site: string): ObjectState | undefined {
    const isWithdrawn = event.data.retracted === true;
    // what it had said, so as to know of what it is taken back
    const said = project(isWithdrawn ? { ...event, data: { ...event.data, retracted: false } } : event);
    if (!said) return undefined;
    const { object, fix, fence, seal } = said;
    const before = objects.get(object);
    const rest = before ?? unplaced.get(object) ?? { fences: [] };
    const next: Partial<Mutable> & Pick<Mutable, 'fences'> = { ...rest };
    const time = new Date(said.time).toISOString();
    if (fix && !isWithdrawn && (!before || said.time >= Date.parse(before.time))) {
      for (const name of ['speedKph', 'courseDeg'] as const) delete next[name];
      const { kind, ...place } = fix;
      const kept = kind === 'seal' && before ? before.kind : kind;
      Object.assign(next, place, { object, box: event.box, site, time, kind: kept });
    }
    if (fence || seal) {
      const known = historiesOf(object, rest);
      const told = { id: event.id, ms: said.time, position };
      if (event.supersedes !== undefined)
        for (const one of [known.fences, known.seal]) one.withdraw(event.supersedes);
      if (fence && !isWithdrawn) known.fences.add({ ...told, said: fence });
      if (seal && !isWithdrawn) known.seal.add({ ...told, said: { ...seal, time } });
      next.fences = known.fences.now;
      const { now: newest } = known.seal;
      if (newest === undefined) delete next.seal;
      else next.seal = newest;
    }
    if (next.time === undefined) {
      if (unplaced.size > limit) {
        for (const one of unplaced.keys()) histories.delete(one);
        unplaced.clear();
      }
      unplaced.set(object, { fences: next.fences, ...(next.seal && { seal: next.seal }) });
      return undefined;
    }
    unplaced.delete(object);
    const state = next as ObjectState;
    keep(state);
    return state;
  }

  return {
    /** Takes in events of one box; returns the objects that changed, each once. */
    take(events: readonly StoredEvent[], site: string): ObjectState[] {
      const changed = new Map<string, ObjectState>();
      for (const stored of events) {
        const state = apply(stored, site);
        if (state) changed.set(state.object, state);
      }
      return [...changed.values()];
    },
    /** Those heard since that moment. */
    since(time: number): ObjectState[] {
      return [...objects.values()].filter((state) => Date.parse(state.time) >= time);
    },
  };
}
export type LiveObjects = ReturnType<typeof createLiveObjects>;
