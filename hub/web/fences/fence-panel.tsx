import { useState } from 'react';
import { command } from '../frame/area-command.ts';
import type { PortMap } from '../map/port-map.ts';
import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { useMay } from '../parts/use-may.ts';
import { useSelected } from '../state/store.ts';
import { ChosenFence } from './chosen-fence.tsx';
import type { Draft, Edit } from './draft.ts';
import { FenceHistoryPart } from './fence-history.tsx';
import { FenceImport } from './fence-import.tsx';
import { FenceList } from './fence-list.tsx';
import { SaveFences } from './save-fences.tsx';
import { type Kind, leastPoints } from './shape.ts';
import type { Snapped } from './snap.ts';
import type { LoadedSet } from './use-fence-set.ts';

interface Props {
  readonly map: PortMap;
  readonly loaded: LoadedSet;
  readonly draft: Draft | undefined;
  readonly apply: (edit: Edit) => void;
  readonly finish: () => void;
  readonly onNew: (kind: Kind, name: string) => void;
  readonly onSaved: () => void;
  readonly snappedTo: Snapped['to'] | undefined;
}

type Tab = 'edit' | 'history' | 'files';
const tabs: readonly (readonly [Tab, string])[] = [
  ['edit', 'Draw'],
  ['history', 'History'],
  ['files', 'Import, export'],
];

/** Beside the map: which set, the tools, what is chosen, what changed. */
export function FencePanel(props: Props) {
  const { map, loaded, draft, apply, finish, onNew, onSaved, snappedTo } = props;
  const screen = useScreen();
  const mayChange = useMay('operator');
  const named = useSelected(screen.address, (address) => address.set);
  const isThere = loaded.sets.some(({ name }) => name === named);
  const [tab, setTab] = useState<Tab>('edit');
  const isNew = draft !== undefined && !loaded.sets.some(({ name }) => name === draft.set);
  return (
    <section className="fence-panel" aria-label="Fences and routes" data-testid="fence-panel">
      <header>
        <select
          className="input"
          aria-label="Set"
          data-testid="fence-set"
          value={draft?.set ?? ''}
          onChange={(e) => screen.navigate({ set: e.target.value })}
        >
          {!draft && (
            <option value="" disabled>
              {loaded.sets.length === 0 ? 'No set yet' : 'Choose a set'}
            </option>
          )}
          {isNew && <option value={draft.set}>{draft.set} (new)</option>}
          {loaded.sets.map((set) => (
            <option key={set.name} value={set.name}>
              {set.title}, {set.kind === 'routes' && 'routes, '}version {set.version}
            </option>
          ))}
        </select>
        {mayChange && <NewSet onNew={onNew} taken={loaded.sets.map(({ name }) => name)} />}
      </header>
      {loaded.problem && <Problem problem={loaded.problem} onRetry={loaded.reload} />}
      {!mayChange && <p className="muted">Changing fences needs the role operator.</p>}
      {draft && (
        <>
          <div className="tabs" role="tablist">
            {tabs.map(([name, words]) => (
              <button
                key={name}
                type="button"
                role="tab"
                className="button quiet"
                aria-selected={tab === name}
                data-testid={`fence-tab-${name}`}
                onClick={() => setTab(name)}
              >
                {words}
              </button>
            ))}
          </div>
          {tab === 'edit' && mayChange && (
            <>
              <Tools draft={draft} finish={finish} snappedTo={snappedTo} />
              <ChosenFence key={draft.chosen} draft={draft} apply={apply} />
              <SaveFences draft={draft} onSaved={onSaved} />
            </>
          )}
          {tab === 'edit' && <FenceList draft={draft} apply={apply} map={map} />}
          {tab === 'history' && (
            <FenceHistoryPart
              set={draft.set}
              version={draft.version}
              map={map}
              mayChange={mayChange}
              onSaved={onSaved}
            />
          )}
          {tab === 'files' && <FenceImport draft={draft} mayChange={mayChange} onSaved={onSaved} />}
        </>
      )}
      {!draft && named !== undefined && loaded.sets.length > 0 && !isThere && (
        <p className="muted" data-testid="no-set">
          There is no set of the name {named}. Choose one{mayChange && ', or make one'}.
        </p>
      )}
      {!draft && loaded.sets.length === 0 && !loaded.problem && (
        <p className="muted">
          There is no set yet. Make one, draw in it, and name it in a flow: the next release carries it to the
          boxes. What the map shows now comes with the flows and with the port.
        </p>
      )}
    </section>
  );
}

function Tools({ draft, finish, snappedTo }: Pick<Props, 'finish' | 'snappedTo'> & { draft: Draft }) {
  const { drawing, kind, past, future, chosen } = draft;
  const what = kind === 'routes' ? 'route' : 'fence';
  const tools = [
    ['undo', 'fence-undo', 'Undo (u)', past.length === 0],
    ['redo', 'fence-redo', 'Redo (U)', future.length === 0],
    ['removeFence', 'fence-remove', 'Remove (Del)', chosen === undefined],
  ] as const;
  return (
    <>
      <div className="actions" role="toolbar" aria-label="Draw">
        {drawing ? (
          <button
            type="button"
            className="button"
            data-testid="fence-finish"
            disabled={drawing.length < leastPoints(kind)}
            onClick={finish}
          >
            Finish (e)
          </button>
        ) : (
          <button type="button" className="button" data-testid="fence-draw" onClick={command('draw')}>
            Draw a {what} (n)
          </button>
        )}
        {tools.map(([name, id, word, idle]) => (
          <button
            key={id}
            type="button"
            className="button"
            data-testid={id}
            disabled={idle}
            onClick={command(name)}
          >
            {word}
          </button>
        ))}
      </div>
      <p className="muted hint" aria-live="polite" data-testid="fence-hint">
        {drawing
          ? `${drawing.length} ${drawing.length === 1 ? 'corner' : 'corners'}${snappedTo && snappedTo !== 'nothing' ? `, on ${snappedTo === 'edge' ? 'an edge' : 'a corner'}` : ''}. Click, or arrows and Enter; double click or e ends it.`
          : chosen === undefined
            ? `Choose a ${what} on the map or in the list, or draw one.`
            : 'Pull its corners, or v for the next corner and the arrows.'}
      </p>
    </>
  );
}

const namePattern = /^[a-z][a-z0-9-]*$/;

function NewSet({ onNew, taken }: { onNew: Props['onNew']; taken: readonly string[] }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('fences');
  const good = namePattern.test(name) && !taken.includes(name);
  if (!open)
    return (
      <button type="button" className="button" data-testid="fence-new-set" onClick={() => setOpen(true)}>
        New set
      </button>
    );
  return (
    <form
      className="new-set"
      onSubmit={(e) => {
        e.preventDefault();
        if (!good) return;
        onNew(kind, name);
        setOpen(false);
      }}
    >
      <input
        className="input"
        aria-label="Name of the set"
        placeholder="name, as flows call it"
        value={name}
        aria-invalid={name !== '' && !good}
        onChange={(e) => setName(e.target.value)}
      />
      <select
        className="input"
        aria-label="Kind"
        value={kind}
        onChange={(e) => setKind(e.target.value as Kind)}
      >
        <option value="fences">fences</option>
        <option value="routes">routes</option>
      </select>
      <button type="submit" className="button" disabled={!good}>
        Make
      </button>
      {name !== '' && !good && (
        <p className="warn">
          {taken.includes(name) ? 'There is one of that name.' : 'Small letters, digits and hyphens.'}
        </p>
      )}
    </form>
  );
}
