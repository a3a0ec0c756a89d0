import type { ObjectState } from '#hub/api/types';
import { EventRows } from '../events/event-rows.tsx';
import { isStale } from '../format/freshness.ts';
import { course, latitude, longitude, speed } from '../format/number.ts';
import { objectOf } from '../format/object-of.ts';
import { sealIsAbnormal } from '../format/severity.ts';
import { shortDuration } from '../format/time.ts';
import { Age } from '../parts/age.tsx';
import { Field, Fields } from '../parts/fields.tsx';
import { Problem } from '../parts/problem.tsx';
import { useMoment, useScreen } from '../parts/screen-context.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { useNames } from '../parts/use-names.ts';
import { allEvents } from '../state/address.ts';
import { mergeRows } from '../state/feed.ts';
import { useStore } from '../state/store.ts';
import { Designate } from '../tracks/designate.tsx';
import { ObjectQuestions } from '../tracks/object-questions.tsx';
import { SealCommands } from './seal-commands.tsx';
import { useSubjectEvents } from './use-subject-events.ts';

/** One object: where it is, how it moves, its seal, its fences and what happened to it. */
export function ObjectDetail({ id }: { id: string }) {
  const screen = useScreen();
  const shown = useStore(screen.objects.shown);
  const area = useStore(screen.address).area;
  const object = shown.byId.get(id);
  const { events: known, problem } = useSubjectEvents(id);
  const { recent } = useStore(screen.alarms.alarms);
  // Its seal's alarms bear the seal's name.
  const events =
    known &&
    mergeRows(
      recent.filter(({ event }) => objectOf(event) === id),
      known,
    );
  return (
    <div data-testid="object-detail">
      {object ? (
        <Now object={object} />
      ) : (
        <p className="muted">
          {shown.status === 'loading'
            ? 'Asking the hub …'
            : 'It reported no position in the day before this moment.'}
        </p>
      )}
      <div className="actions below">
        {area !== 'live' && (
          <button
            type="button"
            className="button"
            onClick={() => screen.navigate({ area: 'live', box: undefined })}
          >
            On the map
          </button>
        )}
        <Designate id={id} />
        <button
          type="button"
          className="button"
          onClick={() =>
            screen.navigate({ area: 'events', box: undefined, filters: { ...allEvents, subject: id } })
          }
        >
          All its events
        </button>
      </div>
      {object?.seal && <SealCommands box={object.box} device={id} seal={object.seal.state} />}
      <ObjectQuestions id={id} />
      <section>
        <h3>What happened to it</h3>
        {problem && <Problem problem={problem} />}
        {!events && !problem && <p className="muted">Asking the hub …</p>}
        {events?.length === 0 && <p className="muted">No alarm and no verdict about it is on record.</p>}
        {events && <EventRows events={events} />}
      </section>
    </div>
  );
}

function Now({ object }: { object: ObjectState }) {
  const moment = useMoment();
  const names = useNames();
  const { navigate } = useScreen();
  const stale = isStale(object, moment);
  return (
    <section className={stale ? 'stale' : ''}>
      {stale && (
        <p className="warn" data-testid="stale">
          <StateWord
            look="warn"
            word={`No fix for ${shortDuration(moment - Date.parse(object.time))}: this is where it was`}
          />
        </p>
      )}
      <Fields>
        <Field name="Kind">{object.kind}</Field>
        <Field name="Last fix">
          <Age time={object.time} />
        </Field>
        <Field name="Position">
          {latitude(object.lat)}
          <br />
          {longitude(object.lon)}
        </Field>
        <Field name="Speed">
          {object.speedKph === undefined ? '–' : speed(object.speedKph, object.kind === 'vessel')}
          {object.courseDeg !== undefined && (
            <span className="muted"> towards {course(object.courseDeg)}</span>
          )}
        </Field>
        {object.quality !== 'good' && (
          <Field name="Quality">
            <span className="warn">{object.quality}</span>
          </Field>
        )}
        <Field name="Seal">
          {object.seal ? <Seal seal={object.seal} /> : <span className="muted">none known</span>}
        </Field>
        {object.seal?.container && <Field name="Container">{object.seal.container}</Field>}
        <Field name="Inside">
          {object.fences.length === 0 && <span className="muted">no fence</span>}
          {object.fences.map((fence) => (
            <button
              key={fence}
              type="button"
              className="cell-button fence-link"
              onClick={() => navigate({ selection: { kind: 'fence', id: fence } })}
            >
              {names.fence(fence)}
            </button>
          ))}
        </Field>
        <Field name="Heard by">
          {names.box(object.box)}{' '}
          {names.box(object.box) !== object.site && <span className="muted">{object.site}</span>}
        </Field>
      </Fields>
    </section>
  );
}

function Seal({ seal }: { seal: NonNullable<ObjectState['seal']> }) {
  const abnormal = sealIsAbnormal(seal.state);
  return (
    <>
      <StateWord look={abnormal ? 'alarm' : seal.state === 'locked' ? 'good' : 'off'} word={seal.state} />{' '}
      <span className="muted">
        <Age time={seal.time} />
      </span>
    </>
  );
}
