import { useState } from 'react';
import type { Draft, Edit } from './draft.ts';
import { pathsOf } from './shape.ts';

/** What is chosen: its name, its rules, and its corners as numbers. */
export function ChosenFence({ draft, apply }: { draft: Draft; apply: (edit: Edit) => void }) {
  const feature = draft.chosen === undefined ? undefined : draft.features.get(draft.chosen);
  if (!feature || draft.chosen === undefined) return null;
  const { name, capacity, direction, widthM, oneWay } = feature.properties ?? {};
  const set = (property: string, value: unknown) => apply({ kind: 'property', name: property, value });
  const number = (text: string) => (text === '' ? undefined : Number(text));
  return (
    <section className="chosen-fence" data-testid="chosen-fence">
      <h3>
        <code>{draft.chosen}</code>
      </h3>
      <label>
        Name
        <input
          className="input"
          data-testid="fence-name"
          value={String(name ?? '')}
          onChange={(e) => set('name', e.target.value)}
        />
      </label>
      {draft.kind === 'routes' ? (
        <>
          <label>
            Width, m to each side
            <input
              className="input"
              type="number"
              min={0}
              value={String(widthM ?? 100)}
              onChange={(e) => set('widthM', number(e.target.value))}
            />
          </label>
          <label className="check">
            <input
              type="checkbox"
              checked={oneWay === true}
              onChange={(e) => set('oneWay', e.target.checked)}
            />{' '}
            One way, as drawn
          </label>
        </>
      ) : (
        <>
          <label>
            Capacity, objects
            <input
              className="input"
              type="number"
              min={0}
              placeholder="any"
              value={String(capacity ?? '')}
              onChange={(e) => set('capacity', number(e.target.value))}
            />
          </label>
          <label>
            Tells of
            <select
              className="input"
              value={String(direction ?? '')}
              onChange={(e) => set('direction', e.target.value || undefined)}
            >
              <option value="">both</option>
              <option value="enter">entering</option>
              <option value="exit">leaving</option>
            </select>
          </label>
        </>
      )}
      <details>
        <summary>Corners as numbers</summary>
        <ol className="corners">
          {pathsOf(feature).flatMap(({ points }, path) =>
            points.map((at, point) => (
              <CornerRow
                // biome-ignore lint/suspicious/noArrayIndexKey: a corner is its place in the ring
                key={`${path} ${point}`}
                at={at}
                held={draft.corner?.path === path && draft.corner.point === point}
                onHold={() => apply({ kind: 'choose', id: draft.chosen ?? '', corner: { path, point } })}
                onMove={(to) => {
                  apply({ kind: 'choose', id: draft.chosen ?? '', corner: { path, point } });
                  apply({ kind: 'move', to });
                }}
              />
            )),
          )}
        </ol>
      </details>
    </section>
  );
}

interface CornerProps {
  readonly at: readonly number[];
  readonly held: boolean;
  readonly onHold: () => void;
  readonly onMove: (to: number[]) => void;
}

function CornerRow({ at, held, onHold, onMove }: CornerProps) {
  const [texts, setTexts] = useState<readonly string[] | undefined>(undefined);
  const shown = texts ?? [0, 1].map((axis) => (at[axis] ?? 0).toFixed(6));
  const done = () => {
    const to = shown.map(Number);
    setTexts(undefined);
    const legal = Math.abs(to[0] ?? Number.NaN) <= 180 && Math.abs(to[1] ?? Number.NaN) <= 90;
    if (texts && legal) onMove(to);
  };
  return (
    <li aria-current={held}>
      {['Longitude', 'Latitude'].map((label, axis) => (
        <input
          key={label}
          className="input"
          aria-label={label}
          inputMode="decimal"
          value={shown[axis]}
          onFocus={onHold}
          onChange={(e) => setTexts(shown.map((text, n) => (n === axis ? e.target.value : text)))}
          onBlur={done}
          onKeyDown={(e) => e.key === 'Enter' && done()}
        />
      ))}
    </li>
  );
}
