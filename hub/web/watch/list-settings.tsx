import { useState } from 'react';
import type { WatchList, WatchListView } from '#hub/api/watch-types';
import { count } from '../format/number.ts';
import { useScreen } from '../parts/screen-context.tsx';

interface Props {
  readonly list: WatchList;
  readonly onChange: () => void;
  readonly onFail: (error: unknown) => void;
}

/** Two steps, since nothing brings its entries back but the audit. */
function DropList({ list, onChange, onFail }: Props) {
  const screen = useScreen();
  const drop = () =>
    screen.client.send('DELETE', `/watch-lists/${list.name}`).then(() => {
      screen.navigate({ set: undefined });
      onChange();
    }, onFail);
  const [isAsked, setAsked] = useState(false);
  const entries = list.entries.length === 1 ? 'its entry' : `its ${count(list.entries.length)} entries`;
  if (!isAsked)
    return (
      <button type="button" className="button" data-testid="watch-drop" onClick={() => setAsked(true)}>
        Take the list away…
      </button>
    );
  return (
    <span className="actions">
      <button type="button" className="button" data-testid="watch-drop-sure" onClick={drop}>
        Take it away with {entries}
      </button>
      <button type="button" className="button" onClick={() => setAsked(false)}>
        Keep it
      </button>
    </span>
  );
}

/** What the list is called, and what a match of it raises. */
export function ListSettings({ list, onChange, onFail }: Props) {
  const { client } = useScreen();
  const [title, setTitle] = useState(list.title);
  const [priority, setPriority] = useState(list.priority);
  const [quiet, setQuiet] = useState(String(list.quietMinutes));
  const quietMinutes = Number(quiet);
  const isGood = title.trim() !== '' && quiet.trim() !== '' && quietMinutes >= 0 && quietMinutes <= 10_080;
  const isChanged = title !== list.title || priority !== list.priority || quietMinutes !== list.quietMinutes;
  return (
    <details className="list-settings" data-testid="watch-settings">
      <summary>Name, and what a match raises</summary>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (!isGood) return;
          const wish = { title: title.trim(), priority, quietMinutes };
          client.send<WatchListView>('PUT', `/watch-lists/${list.name}`, wish).then(onChange, onFail);
        }}
      >
        <label>
          Name
          <input
            className="input"
            maxLength={200}
            value={title}
            data-testid="watch-title"
            onChange={(e) => setTitle(e.target.value)}
          />
        </label>
        <label>
          A match raises
          <select
            className="input"
            value={priority}
            onChange={(e) => setPriority(e.target.value as WatchList['priority'])}
          >
            <option value="alarm">an alarm</option>
            <option value="verdict">a notice</option>
          </select>
        </label>
        <label>
          Not again for, minutes
          <input
            className="input"
            type="number"
            min={0}
            max={10_080}
            value={quiet}
            onChange={(e) => setQuiet(e.target.value)}
          />
        </label>
        <button type="submit" className="button" disabled={!isGood || !isChanged}>
          Save
        </button>
        <DropList list={list} onChange={onChange} onFail={onFail} />
      </form>
    </details>
  );
}
