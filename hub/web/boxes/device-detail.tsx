import { useEffect, useState } from 'react';
import type { EventPage, StoredEvent } from '#hub/api/types';
import { EventRows } from '../events/event-rows.tsx';
import { count } from '../format/number.ts';
import { Age } from '../parts/age.tsx';
import { Field, Fields } from '../parts/fields.tsx';
import { usePast, useScreen } from '../parts/screen-context.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { useNames } from '../parts/use-names.ts';
import { useStore } from '../state/store.ts';
import { deviceName, deviceState } from './states.ts';

/** One device: what state it is in since when, and when it fell silent before. */
export function DeviceDetail({ box, node }: { box: string; node: string }) {
  const screen = useScreen();
  const names = useNames();
  const past = usePast();
  const fleet = useStore(screen.fleet.shown);
  const cursor = useStore(screen.cursor);
  const device = fleet.devices.find((each) => each.box === box && each.node === node);
  const [gaps, setGaps] = useState<readonly StoredEvent[] | undefined>(undefined);
  const name = device && deviceName(device);
  const at = cursor.mode === 'past' && !cursor.playing ? new Date(cursor.at).toISOString() : undefined;

  useEffect(() => {
    const stop = new AbortController();
    screen.client
      .get<EventPage>('/events', { box, type: 'quaywatch.device.*', at, limit: 50 }, stop.signal)
      .then(
        (page) =>
          setGaps(page.events.filter(({ event }) => event.subject === name || event.data.node === node)),
        () => undefined,
      );
    return () => stop.abort();
  }, [screen, box, node, name, at]);

  if (!device)
    return (
      <p className="muted">
        {fleet.status === 'loading' ? 'Asking the hub …' : 'It is not known at this moment.'}
      </p>
    );
  const state = deviceState(device);
  return (
    <div data-testid="device-detail">
      <section>
        <p className="sentence">
          {deviceName(device)} <StateWord {...state} />
        </p>
        <Fields>
          <Field name={state.word}>
            since <Age time={device.since} />
          </Field>
          <Field name="Last message">
            <Age time={device.lastMessage} />
          </Field>
          <Field name="Messages">{count(device.messages)}</Field>
          <Field name="Errors">
            <span className={device.errors > 0 ? 'warn' : ''}>{count(device.errors)}</span>
          </Field>
          {device.detail && <Field name="Last problem">{device.detail}</Field>}
          <Field name="Driver">{device.driver}</Field>
          <Field name="Flow and node">{device.node}</Field>
          <Field name="Box">{names.box(box)}</Field>
        </Fields>
        <div className="actions below">
          <button type="button" className="button" onClick={() => screen.navigate({ area: 'boxes', box })}>
            Box
          </button>
          {name && (
            <button
              type="button"
              className="button"
              onClick={() =>
                screen.navigate({ area: 'live', box: undefined, selection: { kind: 'object', id: name } })
              }
            >
              On the map
            </button>
          )}
        </div>
      </section>
      <section>
        <h3>Silences {past ? 'up to this moment' : ''}</h3>
        {gaps?.length === 0 && <p className="muted">None is on record.</p>}
        {gaps && <EventRows events={gaps} />}
      </section>
    </div>
  );
}
