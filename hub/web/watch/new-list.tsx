import { useState } from 'react';
import { useScreen } from '../parts/screen-context.tsx';

/** Opens a list of a new name; it is there for others once something is in it. */
export function NewList({ taken }: { taken: readonly string[] }) {
  const screen = useScreen();
  const [name, setName] = useState('');
  const isTaken = taken.includes(name);
  const good = /^[a-z][a-z0-9-]*$/.test(name) && !isTaken;
  return (
    <form
      className="new-list"
      onSubmit={(e) => {
        e.preventDefault();
        if (!good) return;
        screen.navigate({ set: name });
        setName('');
      }}
    >
      <label htmlFor="new-list">Name of a new list</label>
      <input
        id="new-list"
        className="input"
        placeholder="such as stolen"
        aria-invalid={name !== '' && !good}
        aria-describedby="new-list-hint"
        data-testid="watch-new"
        value={name}
        onChange={(e) => setName(e.target.value)}
      />
      <button type="submit" className="button" disabled={!good}>
        Make
      </button>
      <p id="new-list-hint" className={name !== '' && !good ? 'warn' : 'muted'} aria-live="polite">
        {isTaken ? 'There is one of that name.' : 'Small letters, digits and hyphens, a letter first.'}
      </p>
    </form>
  );
}
