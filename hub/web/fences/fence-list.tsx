import { useState } from 'react';
import { boundsOf, positionsOf } from '../map/geometry.ts';
import type { PortMap } from '../map/port-map.ts';
import { changesOf, type Draft, type Edit } from './draft.ts';

const most = 200;

/** The fences of the set by name; what is chosen here is brought into view. */
export function FenceList({
  draft,
  apply,
  map,
}: {
  draft: Draft;
  apply: (edit: Edit) => void;
  map: PortMap;
}) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const all = [...draft.features].map(([id, feature]) => ({
    id,
    name: String(feature.properties?.name ?? id),
    feature,
  }));
  const found = all.filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(wanted));
  const changed = new Set(changesOf(draft).map(({ id }) => id));
  return (
    <section>
      <h3>
        {all.length} in {draft.set}
      </h3>
      {all.length > 8 && (
        <input
          className="input wide"
          type="search"
          placeholder="Find by name"
          aria-label="Find by name"
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
      )}
      <ul className="row-list" data-testid="fence-list">
        {found.slice(0, most).map(({ id, name, feature }) => (
          <li key={id}>
            <button
              type="button"
              aria-current={draft.chosen === id}
              onClick={() => {
                apply({ kind: 'choose', id });
                const bounds = feature.geometry && boundsOf(positionsOf(feature.geometry));
                if (bounds && !map.shows(bounds)) map.fit(bounds);
              }}
            >
              <span />
              <span>{name}</span>
              <span className="when">{changed.has(id) ? 'changed' : id === name ? '' : id}</span>
            </button>
          </li>
        ))}
      </ul>
      {found.length > most && <p className="muted">and {found.length - most} more</p>}
    </section>
  );
}
