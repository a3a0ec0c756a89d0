import { EventRows } from '../events/event-rows.tsx';
import { Field, Fields } from '../parts/fields.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { useStore } from '../state/store.ts';

const most = 40;

/** One fence: who is inside, and its alarms. */
export function FenceDetail({ id }: { id: string }) {
  const screen = useScreen();
  const layers = useStore(screen.layers);
  const { byId } = useStore(screen.objects.shown);
  const { recent } = useStore(screen.alarms.alarms);
  const feature = layers?.fences.features.find((f) => String(f.properties?.id) === id);
  const { name, set } = feature?.properties ?? {};
  const inside = [...byId.values()]
    .filter((object) => object.fences.includes(id))
    .sort((a, b) => a.object.localeCompare(b.object, 'en', { numeric: true }));
  const alarms = recent.filter(({ event }) => event.data.fence === id);
  return (
    <div data-testid="fence-detail">
      <section>
        <p className="sentence">{typeof name === 'string' ? name : id}</p>
        {layers && !feature && (
          <p>
            <StateWord look="off" word="It is not among the fences in force." />
          </p>
        )}
        <Fields>
          <Field name="Id">{id}</Field>
          {typeof set === 'string' && <Field name="Set">{set}</Field>}
          <Field name="Inside">
            {inside.length === 0 ? 'nothing' : `${inside.length} that entered and did not leave`}
          </Field>
        </Fields>
      </section>
      {inside.length > 0 && (
        <section>
          <h3>Inside</h3>
          <ul className="row-list">
            {inside.slice(0, most).map((object) => (
              <li key={object.object}>
                <button
                  type="button"
                  onClick={() => screen.navigate({ selection: { kind: 'object', id: object.object } })}
                >
                  <span />
                  <span>{object.object}</span>
                  <span className="when">{object.seal ? `seal ${object.seal.state}` : ''}</span>
                </button>
              </li>
            ))}
          </ul>
          {inside.length > most && <p className="muted">and {inside.length - most} more</p>}
        </section>
      )}
      <section>
        <h3>Latest alarms of it</h3>
        {alarms.length === 0 && <p className="muted">None among the latest alarms.</p>}
        <EventRows events={alarms} most={most} />
      </section>
    </div>
  );
}
