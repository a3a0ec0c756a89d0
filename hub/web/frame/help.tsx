import { useEffect, useRef } from 'react';
import { Icon } from '../parts/icon.tsx';
import type { Shortcut } from './shortcuts.ts';

/** The keyboard, on one page. */
export function Help({ entries, onClose }: { entries: readonly Shortcut[]; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const groups = [...new Set(entries.flatMap((each) => each.group ?? []))];
  return (
    <dialog ref={dialog} className="dialog" aria-label="Keyboard" data-testid="help-dialog" onClose={onClose}>
      <header>
        <h2>Keyboard</h2>
        <button
          type="button"
          className="button quiet icon"
          aria-label="Close"
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="shortcuts">
        <Keys entries={entries.filter((each) => each.group === undefined)} />
        <div>
          <span>
            <kbd>←</kbd> <kbd>→</kbd>
          </span>
          <span>On the time bar: one step; with shift, ten</span>
        </div>
      </div>
      {groups.map((group) => (
        <section key={group}>
          <h3>{group}</h3>
          <div className="shortcuts">
            <Keys entries={entries.filter((each) => each.group === group && !each.hidden)} />
          </div>
        </section>
      ))}
    </dialog>
  );
}

function Keys({ entries }: { entries: readonly Shortcut[] }) {
  return entries.map((entry) => (
    <div key={entry.shown}>
      <span>
        <kbd>{entry.shown}</kbd>
      </span>
      <span>{entry.does}</span>
    </div>
  ));
}
