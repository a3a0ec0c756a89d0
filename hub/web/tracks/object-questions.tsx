import { useState } from 'react';
import type { ObjectRisk } from '#hub/api/risk-types';
import type { ArrivalForecast, CompanionList, PlaceAnswer, SimilarList } from '#hub/api/track-types';
import { distance, latitude, longitude } from '../format/number.ts';
import { listTime, shortDuration, utcTime } from '../format/time.ts';
import { Field, Fields } from '../parts/fields.tsx';
import { useMoment, useScreen } from '../parts/screen-context.tsx';
import { useSelected, useStore } from '../state/store.ts';
import { Question } from './question.tsx';
import { RiskAnswer } from './risk.tsx';
import { TrackRange } from './track-range.tsx';

/** Questions move on by the minute: a moment that plays does not ask each second. */
const minuteMs = 60_000;
/** Where it is moves on faster. */
const placeMs = 10_000;

/** What can be asked of the hub about one object, up to the moment that is shown. */
export function ObjectQuestions({ id }: { id: string }) {
  const screen = useScreen();
  const moment = useMoment();
  const hours = useSelected(screen.address, (address) => address.hours ?? 1);
  const at = Math.ceil(moment / minuteMs) * minuteMs;
  const iso = (ms: number) => new Date(ms).toISOString();
  const path = `/objects/${encodeURIComponent(id)}`;
  const span = { from: iso(at - Math.min(hours, 168) * 3_600_000), to: iso(at) };
  const select = (object: string) => screen.navigate({ selection: { kind: 'object', id: object } });
  return (
    <section data-testid="object-questions">
      <h3>Ask the hub</h3>
      <TrackRange id={id} at={at} hours={hours} />
      <Question<ObjectRisk>
        title="What speaks against it"
        testid="ask-risk"
        path={`${path}/risk`}
        query={{ at: iso(at) }}
      >
        {(answer) => <RiskAnswer answer={answer} />}
      </Question>
      <Question<CompanionList>
        title="Who was with it"
        testid="ask-companions"
        path={`${path}/companions`}
        query={span}
      >
        {(answer) => <Companions answer={answer} onSelect={select} />}
      </Question>
      <Question<SimilarList>
        title="Who went the same way"
        testid="ask-similar"
        path={`${path}/similar`}
        query={span}
      >
        {(answer) => <Similar answer={answer} onSelect={select} />}
      </Question>
      <Arrival id={id} path={path} at={iso(at)} />
      <Question<PlaceAnswer>
        title="Where is it, and how sure is that"
        testid="ask-place"
        path={`${path}/place`}
        // Never ahead of the moment: of what is not heard yet nobody can say where it is.
        query={{ at: iso(Math.floor(moment / placeMs) * placeMs) }}
      >
        {(answer) => <Place answer={answer} />}
      </Question>
    </section>
  );
}

const percent = (share: number) =>
  share >= 0.995 ? '100 %' : share < 0.001 ? 'under 0.1 %' : `${(share * 100).toPrecision(2)} %`;

function Companions({ answer, onSelect }: { answer: CompanionList; onSelect: (object: string) => void }) {
  return (
    <>
      {answer.companions.length === 0 && <p className="muted">Nobody was near it for a minute.</p>}
      <ul className="row-list">
        {answer.companions.map(({ object, seconds, metres, choices, chance }) => (
          <li key={object}>
            <button type="button" onClick={() => onSelect(object)}>
              <span />
              <span>{object}</span>
              <span className="when" title="How likely somebody around would have gone so with it by chance">
                by chance {percent(chance)}
              </span>
              <span className="figures">
                {shortDuration(seconds * 1000)}, {distance(metres)},{' '}
                {choices === 0 ? 'no turn together' : choices === 1 ? '1 same turn' : `${choices} same turns`}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {answer.partial && <p className="muted">There were too many around to look at all of them.</p>}
    </>
  );
}

function Similar({ answer, onSelect }: { answer: SimilarList; onSelect: (object: string) => void }) {
  const screen = useScreen();
  const moment = useMoment();
  return (
    <>
      <p className="muted">
        {answer.trips.length === 0
          ? 'No trip of the last week went this way.'
          : 'When the trip began, how much of the way they share, and how far apart the ways are at most.'}
      </p>
      <ul className="row-list">
        {answer.trips.map(({ object, from, to, share, frechetM, direction }) => (
          <li key={`${object} ${from}`}>
            <button
              type="button"
              onClick={() => {
                screen.moveTime({ kind: 'go', at: Date.parse(to) });
                onSelect(object);
              }}
            >
              <span />
              <span>{object}</span>
              <span className="when">{listTime(Date.parse(from), moment, false)} UTC</span>
              <span className="figures">
                {percent(share)} of the way{direction === 'opposite' && ', the other way'}, up to{' '}
                {distance(frechetM)} off
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Arrival({ id, path, at }: { id: string; path: string; at: string }) {
  const screen = useScreen();
  const layers = useStore(screen.layers);
  const inside = useSelected(screen.objects.shown, ({ byId }) => byId.get(id)?.fences);
  const fences = (layers?.fences.features ?? []).map(({ properties }) => ({
    id: String(properties?.id),
    name: String(properties?.name ?? properties?.id),
  }));
  const [zone, setZone] = useState('');
  // Where it is already it need not arrive.
  const ahead = fences.find((fence) => !inside?.includes(fence.id)) ?? fences[0];
  const wanted = fences.find((fence) => fence.id === zone) ?? ahead;
  if (!wanted) return null;
  return (
    <Question<ArrivalForecast>
      title="When will it arrive"
      testid="ask-arrival"
      path={`${path}/arrival`}
      query={{ zone: wanted.id, at }}
    >
      {(answer) => (
        <>
          <select
            className="input wide"
            aria-label="Zone"
            value={wanted.id}
            onChange={(e) => setZone(e.target.value)}
          >
            {fences.map((fence) => (
              <option key={fence.id} value={fence.id}>
                {fence.name}
              </option>
            ))}
          </select>
          {answer.why !== undefined && (
            <p className="muted">No forecast: {answer.why.replaceAll(wanted.id, wanted.name)}.</p>
          )}
          {answer.p50 !== undefined && (
            <Fields>
              <Field name="Most likely">{utcTime(Date.parse(answer.p50))} UTC</Field>
              <Field name="8 of 10 between">
                {utcTime(Date.parse(answer.p10 ?? ''))} and {utcTime(Date.parse(answer.p90 ?? ''))}
              </Field>
              <Field name="By">{answer.trips} past trips from here</Field>
            </Fields>
          )}
        </>
      )}
    </Question>
  );
}

const sourceWords = { own: 'its own fix', carrier: 'what carries it', gate: 'the last gate' };

function Place({ answer: { at, place, sightings } }: { answer: PlaceAnswer }) {
  if (!place) return <p className="muted">Nothing on record says where it was.</p>;
  return (
    <>
      <Fields>
        <Field name="At">{utcTime(Date.parse(at))} UTC</Field>
        <Field name="By">
          {sourceWords[place.source]}
          {place.by !== undefined && ` (${place.by})`}
        </Field>
        <Field name="Position">
          {latitude(place.lat)}
          <br />
          {longitude(place.lon)}
        </Field>
        <Field name="Within">{distance(place.radiusM)}</Field>
        <Field name="Nearest fix">
          {place.ageS === 0 ? 'at that moment' : `${shortDuration(place.ageS * 1000)} before or after`}
        </Field>
      </Fields>
      <p className="muted">From {sightings.length} sightings around the moment.</p>
    </>
  );
}
