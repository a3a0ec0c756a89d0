import type { ObjectState, StoredEvent } from '../api/types.ts';
import { project } from '../store/projection.ts';

type Mutable = { -readonly [K in keyof ObjectState]: ObjectState[K] };

/** More objects than this are not held live; those heard longest ago go first. */
const limit = 100_000;

/** The newest state of every object, kept up to date from the events as they are stored. */
export function createLiveObjects(start: readonly ObjectState[]) {
  const objects = new Map<string, ObjectState>(start.map((state) => [state.object, state]));
  /** Fences and seals of objects whose place is not known yet. */
  const unplaced = new Map<string, Pick<ObjectState, 'fences' | 'seal'>>();

  function keep(state: ObjectState): void {
    objects.delete(state.object); // to the end: the map's order is that of hearing
    objects.set(state.object, state);
    if (objects.size > limit) objects.delete(objects.keys().next().value ?? '');
  }

  function apply({ event }: StoredEvent, site: string): ObjectState | undefined {
    const said = project(event);
    if (!said) return undefined;
    const before = objects.get(said.object);
    const rest = before ?? unplaced.get(said.object) ?? { fences: [] };
    const next: Partial<Mutable> & Pick<Mutable, 'fences'> = { ...rest };
    const { fix, fence, seal } = said;
    if (fix && (!before || said.time >= Date.parse(before.time))) {
      for (const name of ['speedKph', 'courseDeg'] as const) delete next[name];
      const { kind, ...place } = fix;
      const kept = kind === 'seal' && before ? before.kind : kind;
      const time = new Date(said.time).toISOString();
      Object.assign(next, place, { object: said.object, box: event.box, site, time, kind: kept });
    }
    if (fence) {
      const others = next.fences.filter((id) => id !== fence.id);
      next.fences = fence.inside ? [...others, fence.id].sort() : others;
    }
    if (seal && (!next.seal || said.time >= Date.parse(next.seal.time)))
      next.seal = { ...seal, time: new Date(said.time).toISOString() };
    if (next.time === undefined) {
      if (unplaced.size > limit) unplaced.clear();
      unplaced.set(said.object, { fences: next.fences, ...(next.seal && { seal: next.seal }) });
      return undefined;
    }
    unplaced.delete(said.object);
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
