import { useState } from 'react';
import type { ApiProblem } from '#hub/api/types';
import type { WatchImport, WatchList } from '#hub/api/watch-types';
import { problemOf } from '../api/client.ts';
import { count } from '../format/number.ts';
import { utcMoment } from '../format/time.ts';
import { Problem } from '../parts/problem.tsx';
import { useMoment, useScreen } from '../parts/screen-context.tsx';
import { useMay } from '../parts/use-may.ts';
import { allEvents } from '../state/address.ts';
import { useAsk } from '../tracks/use-ask.ts';
import { AddEntries } from './add-entries.tsx';
import { ListSettings } from './list-settings.tsx';
import { Screened } from './screened.tsx';
import { useScreening } from './use-screening.ts';

const shownAtOnce = 300;
const dayMs = 86_400_000;

interface OpenProps {
  readonly name: string;
  /** Counts changes that were made here. */
  readonly version: number;
  readonly onChange: () => void;
}

/** One list: what a match raises, its entries, and what the past says of them. */
export function OpenList({ name, version, onChange }: OpenProps) {
  const screen = useScreen();
  const moment = useMoment();
  const may = useMay('inspector');
  const { answer, problem } = useAsk<WatchList>(`/watch-lists/${name}`, {}, version);
  const [said, setSaid] = useState<WatchImport | undefined>(undefined);
  const [failed, setFailed] = useState<ApiProblem | undefined>(undefined);
  const [text, setText] = useState('');
  const fail = (error: unknown) => setFailed(problemOf(error));
  const isNew = problem?.code === 'api.notFound';
  const wanted = text.trim().toLowerCase();
  const found = (answer?.entries ?? []).filter(({ value, note }) =>
    `${value} ${note ?? ''}`.toLowerCase().includes(wanted),
  );
  const remove = (value: string) =>
    screen.client.send('POST', `/watch-lists/${name}/remove`, { values: [value] }).then(onChange, fail);
  const screening = useScreening(name, fail);
  return (
    <div className="watch-list" data-testid="watch-list">
      <header>
        <h2>{answer?.title ?? name}</h2>
        {answer && (
          <p className="muted">
            {answer.entries.length === 1 ? '1 entry' : `${count(answer.entries.length)} entries`} · a match
            raises {answer.priority === 'alarm' ? 'an alarm' : 'a notice'}, not again for{' '}
            {answer.quietMinutes} min · changed by {answer.by}, {utcMoment(Date.parse(answer.changed))}
          </p>
        )}
        <div className="actions">
          <button
            type="button"
            className="button"
            data-testid="watch-screen"
            disabled={!answer?.entries.length || screening.running}
            onClick={() => screening.start(moment - 30 * dayMs, moment)}
          >
            Screen the last 30 days
          </button>
          <button
            type="button"
            className="button"
            onClick={() =>
              screen.navigate({
                area: 'events',
                set: undefined,
                filters: { ...allEvents, type: 'quaywatch.watch.hit' },
              })
            }
          >
            All matches
          </button>
        </div>
        {answer && may && <ListSettings list={answer} onChange={onChange} onFail={fail} />}
      </header>
      {isNew && (
        <p className="muted">
          {may ? 'It is new: what is added first makes it.' : 'There is no list of that name.'}
        </p>
      )}
      {problem && !isNew && <Problem problem={problem} />}
      {failed && <Problem problem={failed} />}
      <Screened screening={screening} />
      {may && (
        <AddEntries
          list={name}
          said={said}
          onSaid={(answer) => {
            setSaid(answer);
            if (answer.added > 0) onChange();
          }}
          onFail={fail}
        />
      )}
      {answer && answer.entries.length > 12 && (
        <input
          className="input"
          type="search"
          aria-label="Find an entry"
          placeholder="Find"
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
      )}
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>Identity</th>
              <th>Note</th>
              <th>Added</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {found
              .slice(-shownAtOnce)
              .reverse()
              .map(({ value, note, added, by }) => (
                <tr key={value}>
                  <td>
                    <button
                      type="button"
                      className="cell-button"
                      title="What is known of it"
                      onClick={() => screen.navigate({ selection: { kind: 'object', id: value } })}
                    >
                      {value}
                    </button>
                  </td>
                  <td className="clip">{note}</td>
                  <td className="muted">
                    {by}, {utcMoment(Date.parse(added))}
                  </td>
                  <td>
                    {may && (
                      <button
                        type="button"
                        className="button quiet"
                        aria-label={`Remove ${value}`}
                        onClick={() => void remove(value)}
                      >
                        Remove
                      </button>
                    )}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
      {found.length > shownAtOnce && <p className="muted">and {found.length - shownAtOnce} more</p>}
    </div>
  );
}
