import { useState } from 'react';
import type { ApiProblem } from '#hub/api/types';
import type { WatchImport, WatchList, WatchLists } from '#hub/api/watch-types';
import { problemOf } from '../api/client.ts';
import { utcMoment } from '../format/time.ts';
import { Problem } from '../parts/problem.tsx';
import { useMoment, useScreen } from '../parts/screen-context.tsx';
import { allEvents } from '../state/address.ts';
import { useSelected } from '../state/store.ts';
import { useAsk } from '../tracks/use-ask.ts';
import { AddEntries } from './add-entries.tsx';
import { Screened } from './screened.tsx';
import { useScreening } from './use-screening.ts';

const shownAtOnce = 300;
const dayMs = 86_400_000;

/** Lists of plates, containers, seals and objects that somebody wants to hear of. */
export function WatchArea() {
  const screen = useScreen();
  const name = useSelected(screen.address, (address) => address.set);
  const [version, setVersion] = useState(0);
  const lists = useAsk<WatchLists>('/watch-lists', {}, version);
  return (
    <div className="watch" data-testid="watch-area">
      <nav className="watch-lists" aria-label="Watch lists">
        <h2>Watch lists</h2>
        {lists.problem && <Problem problem={lists.problem} />}
        <ul className="row-list">
          {lists.answer?.lists.map((list) => (
            <li key={list.name}>
              <button
                type="button"
                aria-current={list.name === name}
                onClick={() => screen.navigate({ set: list.name })}
              >
                <span />
                <span>{list.title}</span>
                <span className="when">
                  {list.entries} · {list.priority}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {lists.answer?.lists.length === 0 && <p className="muted">There is none yet.</p>}
        <NewList />
      </nav>
      {name === undefined ? (
        <p className="empty">Choose a list, or make one.</p>
      ) : (
        <OpenList key={name} name={name} version={version} onChange={() => setVersion((n) => n + 1)} />
      )}
    </div>
  );
}

function NewList() {
  const screen = useScreen();
  const [name, setName] = useState('');
  const good = /^[a-z][a-z0-9-]*$/.test(name);
  return (
    <form
      className="new-list"
      onSubmit={(e) => {
        e.preventDefault();
        if (good) screen.navigate({ set: name });
        setName('');
      }}
    >
      <input
        className="input"
        aria-label="Name of a new list"
        placeholder="new-list"
        value={name}
        onChange={(e) => setName(e.target.value)}
      />
      <button type="submit" className="button" disabled={!good}>
        New
      </button>
    </form>
  );
}

interface OpenProps {
  readonly name: string;
  /** Counts changes that were made here. */
  readonly version: number;
  readonly onChange: () => void;
}

function OpenList({ name, version, onChange }: OpenProps) {
  const screen = useScreen();
  const moment = useMoment();
  const may = useSelected(
    screen.signIn,
    (signIn) => signIn.state === 'in' && signIn.session.roles.includes('inspector'),
  );
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
            {answer.entries.length} entries · a match raises{' '}
            {answer.priority === 'alarm' ? 'an alarm' : 'a notice'}, not again for {answer.quietMinutes} min ·
            changed by {answer.by}, {utcMoment(Date.parse(answer.changed))}
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
      </header>
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
