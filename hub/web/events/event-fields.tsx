import type { StoredEvent } from '#hub/api/types';
import { dataField } from '../format/data-field.ts';
import type { Names } from '../format/sentence.ts';
import { Field, Fields } from '../parts/fields.tsx';
import { Moment } from '../parts/moment.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { parseSelection } from '../state/address.ts';

/** Everything an event carries, and where it came from. */
export function EventFields({ row, names }: { row: StoredEvent; names: Names }) {
  const { event, stored, position } = row;
  const delayMs = Date.parse(stored) - Date.parse(event.time);
  const confirmed = event.data.confirmed;
  const said = Object.entries(event.data).filter(([name]) => name !== 'confirmed');
  const [, , , , flow, stage] = event.source.split('/');
  return (
    <>
      <section>
        <h3>Times</h3>
        <Fields>
          <Field name="Happened">
            <Moment time={event.time} />
          </Field>
          {typeof confirmed === 'string' && (
            <Field name="Confirmed">
              <Moment time={confirmed} />
            </Field>
          )}
          <Field name="Stored">
            <Moment time={stored} />
            <span className="muted">
              {' '}
              {delayMs >= 0 ? `${dataField('delayMs', delayMs).value} later` : 'before it happened'}
            </span>
          </Field>
          {event.clockoffsetms !== undefined && (
            <Field name="Box clock off">
              <span className="warn">{event.clockoffsetms} ms</span>
            </Field>
          )}
        </Fields>
      </section>
      <section>
        <h3>What it says</h3>
        <Fields>
          {said.map(([name, value]) => (
            <DataRow key={name} name={name} value={value} />
          ))}
          {said.length === 0 && <p className="muted">Nothing beyond its type.</p>}
        </Fields>
      </section>
      <section>
        <h3>Where it comes from</h3>
        <Fields>
          <Field name="Type">{event.type}</Field>
          <Field name="Subject">{event.subject ?? '–'}</Field>
          <Field name="Flow">
            {flow ?? event.source} <span className="muted">{stage}</span>
          </Field>
          <Field name="Flow version">
            <code title={event.flowhash}>{event.flowhash.slice(0, 16)}…</code>
          </Field>
          <Field name="Box">
            {names.box(event.box)}{' '}
            {names.box(event.box) !== event.box && <span className="muted">{event.box}</span>}
          </Field>
          <Field name="Site">{event.site}</Field>
          <Field name="Sequence">
            {event.sequence}
            <span className="muted">
              {' '}
              after {event.previous} · hub position {position}
            </span>
          </Field>
          {event.supersedes && (
            <Field name={event.data.retracted === true ? 'Withdraws' : 'Corrects'}>
              <EventLink id={event.supersedes} />
            </Field>
          )}
          {event.traceparent && (
            <Field name="Trace">
              <code>{event.traceparent}</code>
            </Field>
          )}
        </Fields>
      </section>
    </>
  );
}

function DataRow({ name, value }: { name: string; value: unknown }) {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    const field = dataField(name, value);
    return <Field name={field.name}>{field.value}</Field>;
  }
  const isList =
    Array.isArray(value) && value.every((one) => typeof one === 'string' || typeof one === 'number');
  return (
    <Field name={dataField(name, '').name}>
      {isList ? value.join(', ') : <code className="json">{JSON.stringify(value, null, 1)}</code>}
    </Field>
  );
}

/** The way to another event by its id. */
function EventLink({ id }: { id: string }) {
  const screen = useScreen();
  return (
    <button
      type="button"
      className="cell-button"
      onClick={() => screen.navigate({ selection: parseSelection(`event:${id}`) })}
    >
      {id}
    </button>
  );
}
