import { useState } from 'react';
import type { WatchImport } from '#hub/api/watch-types';
import { useScreen } from '../parts/screen-context.tsx';

interface Props {
  readonly list: string;
  readonly said: WatchImport | undefined;
  readonly onSaid: (said: WatchImport) => void;
  readonly onFail: (error: unknown) => void;
}

const linesOf = (text: string): string => {
  const lines = text.trim().split('\n').length;
  return lines === 1 ? '1 line' : `${lines} lines`;
};

/** Many at once: pasted, or from a CSV file. */
export function AddEntries({ list, said, onSaid, onFail }: Props) {
  const { client } = useScreen();
  const [text, setText] = useState('');
  const add = (lines: string) =>
    client.send<WatchImport>('POST', `/watch-lists/${list}/entries`, { text: lines }).then((answer) => {
      setText('');
      onSaid(answer);
    }, onFail);
  return (
    <section className="add-entries">
      <textarea
        className="input"
        rows={4}
        aria-label="Entries to add"
        placeholder={'One a line, and after a comma what is to be known of it:\nLN 4711, stolen\nCSQU3054383'}
        data-testid="watch-text"
        value={text}
        onChange={(e) => setText(e.target.value)}
      />
      <div className="actions">
        <button
          type="button"
          className="button"
          data-testid="watch-add"
          disabled={text.trim() === ''}
          onClick={() => void add(text)}
        >
          Add {text.trim() === '' ? '' : linesOf(text)}
        </button>
        <label className="button">
          From a CSV file
          <input
            className="visually-hidden"
            type="file"
            accept=".csv,.txt,text/csv"
            data-testid="watch-file"
            onChange={(e) => {
              const file = e.target.files?.[0];
              if (file) file.text().then(add).catch(onFail);
            }}
          />
        </label>
      </div>
      <p className="muted">A list holds up to 200 000 entries, 16 MB of text at once.</p>
      {said && (
        <div data-testid="watch-said">
          <p>
            {said.added} added{said.known > 0 && `, ${said.known} were there`}
            {said.problems.length > 0 && `, ${said.problems.length} not taken`}
          </p>
          {said.problems.slice(0, 20).map(({ line, value, message, perhaps }) => (
            <p key={line} className="warn">
              Line {line}, {value}: {message}
              {perhaps && `. Perhaps ${perhaps.join(' or ')}`}
            </p>
          ))}
        </div>
      )}
    </section>
  );
}
