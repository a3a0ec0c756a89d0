import { useRef, useState } from 'react';
import { useCommand } from '../frame/use-command.ts';
import { useScreen } from '../parts/screen-context.tsx';
import { useStore } from '../state/store.ts';

const most = 12;

/** Those whose name has the text in it; alarming ones first, then by name. */
export function findObjects(ids: Iterable<string>, text: string, alarming: ReadonlySet<string>): string[] {
  const wanted = text.trim().toLowerCase();
  return [...ids]
    .filter((id) => id.toLowerCase().includes(wanted))
    .sort(
      (a, b) =>
        Number(alarming.has(b)) - Number(alarming.has(a)) || a.localeCompare(b, 'en', { numeric: true }),
    )
    .slice(0, most);
}

/** Finds an object by name; with it everything on the map can be reached by keyboard. */
export function ObjectSearch({ alarming }: { alarming: ReadonlySet<string> }) {
  const screen = useScreen();
  const shown = useStore(screen.objects.shown);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [current, setCurrent] = useState(0);
  useCommand({ search: () => input.current?.focus() });
  const found = open ? findObjects(shown.byId.keys(), text, alarming) : [];
  const choose = (id: string | undefined) => {
    if (id === undefined) return;
    screen.navigate({ selection: { kind: 'object', id } });
    setOpen(false);
    setText('');
    input.current?.blur();
  };
  return (
    <div className="map-search">
      <input
        ref={input}
        className="input"
        type="search"
        role="combobox"
        placeholder={`Find among ${shown.byId.size} ( / )`}
        aria-label="Find an object"
        aria-expanded={open}
        aria-controls="found-objects"
        aria-activedescendant={found[current] === undefined ? undefined : `found-${current}`}
        data-testid="object-search"
        value={text}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(e) => {
          setText(e.target.value);
          setCurrent(0);
        }}
        onKeyDown={(e) => {
          if (e.key === 'ArrowDown') setCurrent(Math.min(found.length - 1, current + 1));
          else if (e.key === 'ArrowUp') setCurrent(Math.max(0, current - 1));
          else if (e.key === 'Enter') choose(found[current]);
          else if (e.key === 'Escape') e.currentTarget.blur();
          else return;
          e.preventDefault();
        }}
      />
      {open && (
        <div id="found-objects" className="found" role="listbox" tabIndex={-1} aria-label="Objects">
          {found.map((id, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus
            <div
              key={id}
              id={`found-${i}`}
              role="option"
              aria-selected={i === current}
              onPointerDown={(e) => e.preventDefault()}
              onClick={() => choose(id)}
            >
              <span>{id}</span>
              {alarming.has(id) && <span className="alarm">▲ alarm</span>}
            </div>
          ))}
          {found.length === 0 && <p className="muted">No object has that name.</p>}
        </div>
      )}
    </div>
  );
}
