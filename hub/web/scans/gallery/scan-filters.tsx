import { useRef } from 'react';
import { count } from '../../format/number.ts';
import { type Look, lookWords } from '../../format/severity.ts';
import { useCommand } from '../../frame/use-command.ts';
import { Mark } from '../../parts/mark.tsx';
import { useScreen } from '../../parts/screen-context.tsx';
import type { Filters } from '../../state/address.ts';
import type { Scans } from '../../state/scans.ts';
import { useSelected, useStore } from '../../state/store.ts';

const outcomes = ['suspect', 'none', 'clear'] as const satisfies readonly Look[];

/** Filters of the gallery; each is in the address. */
export function ScanFilters({ scans }: { scans: Scans }) {
  const screen = useScreen();
  const filters = useSelected(screen.address, (address) => address.filters);
  const { sites } = useStore(screen.fleet.shown);
  const subject = useRef<HTMLInputElement>(null);
  useCommand({ search: () => subject.current?.focus() });
  const set = (change: { [K in keyof Filters]?: Filters[K] | undefined }) => {
    const merged = Object.entries({ ...filters, ...change }).filter(([, v]) => v !== undefined && v !== '');
    screen.navigate({ filters: Object.fromEntries(merged) as unknown as Filters });
  };
  const scanners = new Set(scans.rows.map((row) => row.scanner));
  if (filters.scanner) scanners.add(filters.scanner);
  const filtered = ['site', 'outcome', 'scanner', 'subject', 'box'].some(
    (key) => filters[key as keyof Filters],
  );
  return (
    <search className="filters" data-testid="scan-filters">
      <fieldset className="priorities">
        <legend className="visually-hidden">Verdict</legend>
        {outcomes.map((outcome) => (
          <button
            key={outcome}
            type="button"
            className="button"
            aria-pressed={filters.outcome === outcome}
            data-testid={`outcome-${outcome}`}
            onClick={() => set({ outcome: filters.outcome === outcome ? undefined : outcome })}
          >
            <Mark look={outcome} />
            {lookWords[outcome]}
          </button>
        ))}
      </fieldset>
      <select
        className="input"
        aria-label="Site"
        value={filters.site ?? ''}
        onChange={(e) => set({ site: e.target.value || undefined })}
      >
        <option value="">Site: all</option>
        {sites.map((site) => (
          <option key={site.id} value={site.id}>
            {site.name}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label="Scanner"
        value={filters.scanner ?? ''}
        onChange={(e) => set({ scanner: e.target.value || undefined })}
      >
        <option value="">Scanner: all</option>
        {[...scanners].sort().map((scanner) => (
          <option key={scanner} value={scanner}>
            {scanner}
          </option>
        ))}
      </select>
      <input
        ref={subject}
        className="input text"
        type="search"
        placeholder="Container or plate ( / )"
        aria-label="Container or plate, whole"
        data-testid="scan-subject"
        defaultValue={filters.subject ?? ''}
        key={filters.subject ?? ''}
        onKeyDown={(e) => {
          if (e.key === 'Enter') set({ subject: e.currentTarget.value.trim() || undefined });
          if (e.key === 'Escape') e.currentTarget.blur();
        }}
      />
      <button
        type="button"
        className="button quiet"
        disabled={!filtered}
        onClick={() =>
          set({ site: undefined, box: undefined, scanner: undefined, subject: undefined, outcome: undefined })
        }
      >
        Clear
      </button>
      <span className="muted total" data-testid="scan-count">
        {count(scans.rows.length)}
        {scans.complete ? '' : ' loaded'}
      </span>
    </search>
  );
}
