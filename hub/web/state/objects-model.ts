import type { ApiProblem, ObjectList, ObjectState } from '#hub/api/types';
import { type Client, problemOf } from '../api/client.ts';
import { keepNewer } from './digest.ts';
import { createLatest } from './latest.ts';
import { createStore, type Store } from './store.ts';

/** What the map shows; `version` counts up with every change, since the map of objects is changed in place. */
export interface Objects {
  readonly version: number;
  readonly byId: ReadonlyMap<string, ObjectState>;
  readonly status: 'loading' | 'ready' | 'failed';
  readonly problem?: ApiProblem;
}

export interface ObjectsModel {
  readonly shown: Store<Objects>;
  /** Shows the port as it was at that moment (ms), or live. */
  show(at: number | undefined): void;
  arrive(objects: ReadonlyMap<string, ObjectState>): void;
  catchUp(): void;
}

/** Keeps the live objects up to date all the time, and those of a past moment beside them. */
export function createObjectsModel(client: Client): ObjectsModel {
  const live = new Map<string, ObjectState>();
  let liveKnown = false;
  let at: number | undefined;
  const shown = createStore<Objects>({ version: 0, byId: live, status: 'loading' });

  const publish = (byId: ReadonlyMap<string, ObjectState>) =>
    shown.set({ version: shown.get().version + 1, byId, status: 'ready' });
  const fail = (error: unknown) =>
    shown.set({
      ...shown.get(),
      version: shown.get().version + 1,
      status: 'failed',
      problem: problemOf(error),
    });

  const liveLoads = createLatest<void>(async (_, signal) => {
    try {
      const list = await client.get<ObjectList>('/objects', {}, signal);
      for (const object of list.objects) keepNewer(live, object);
      liveKnown = true;
      if (at === undefined) publish(live);
    } catch (error) {
      if (at === undefined && !signal.aborted) fail(error);
    }
  });
  const pastLoads = createLatest<number>(async (moment, signal) => {
    try {
      const query = { at: new Date(moment).toISOString() };
      const list = await client.get<ObjectList>('/objects', query, signal);
      if (at !== undefined) publish(new Map(list.objects.map((object) => [object.object, object])));
    } catch (error) {
      if (at !== undefined && !signal.aborted) fail(error);
    }
  });

  return {
    shown,
    show(moment) {
      const was = at;
      at = moment;
      if (moment !== undefined) {
        // The port of another moment is not shown under the new one's name.
        if (was === undefined) shown.set({ ...shown.get(), status: 'loading' });
        pastLoads.request(moment);
        return;
      }
      pastLoads.stop();
      if (liveKnown) publish(live);
      else liveLoads.request();
    },
    arrive(objects) {
      for (const object of objects.values()) keepNewer(live, object);
      if (at === undefined && liveKnown && objects.size > 0) publish(live);
    },
    catchUp: () => liveLoads.request(),
  };
}
