import { useRef } from 'react';
import type { Priority } from '#hub/api/types';
import { count } from '../format/number.ts';
import { shortType } from '../format/sentence.ts';
import { lookWords } from '../format/severity.ts';
import { useCommand } from '../frame/use-command.ts';
import { Mark } from '../parts/mark.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { type Filters, noFilters } from '../state/address.ts';
import { useSelected, useStore } from '../state/store.ts';

const priorities: readonly Priority[] = ['alarm', 'verdict', 'telemetry'];
/** Kinds of events that are asked for together, by the begin of their type. */
const groups: readonly (readonly [string, string])[] = [
  ['track', 'Tracks'],
  ['fence', 'Fences'],
  ['corridor', 'Routes'],
  ['control', 'Plans'],
  ['guard', 'Guarding'],
  ['seal', 'Seals'],
  ['command', 'Commands'],
  ['watch', 'Watch lists'],
  ['scan', 'Scans'],
  ['verdict', 'Verdicts of devices'],
  ['threshold', 'Limits'],
  ['position', 'Positions'],
  ['device', 'Devices'],
  ['box', 'Boxes'],
];

/** Filters of the list; each is in the address. */
export function EventFilters({ shown }: { shown: number }) {
  const screen = useScreen();
  const filters = useSelected(screen.address, (address) => address.filters);
  const { sites } = useStore(screen.fleet.shown);
  const boxes = useStore(screen.fleet.live);
  const feed = useStore(screen.feed.feed);
  const text = useRef<HTMLInputElement>(null);
  useCommand({ search: () => text.current?.focus() });

  const set = (change: { [K in keyof Filters]?: Filters[K] | undefined }, typed = false) => {
    const merged = Object.entries({ ...filters, ...change }).filter(([, v]) => v !== undefined && v !== '');
    const next = Object.fromEntries(merged) as unknown as Filters;
    screen.navigate({ filters: next }, typed ? 'replace' : 'push');
  };
  const toggle = (priority: Priority) => {
    const on = filters.priorities.includes(priority);
    set({ priorities: priorities.filter((p) => (p === priority ? !on : filters.priorities.includes(p))) });
  };
  const types = new Set(feed.rows.map(({ event }) => event.type));
  if (filters.type && !filters.type.endsWith('*')) types.add(filters.type);
  const filtered = JSON.stringify(filters) !== JSON.stringify(noFilters);

  return (
    <search className="filters" data-testid="filters">
      <fieldset className="priorities">
        <legend className="visually-hidden">Priority</legend>
        {priorities.map((priority) => (
          <button
            key={priority}
            type="button"
            className="button"
            aria-pressed={filters.priorities.includes(priority)}
            data-testid={`priority-${priority}`}
            onClick={() => toggle(priority)}
          >
            <Mark look={priority} />
            {lookWords[priority]}
          </button>
        ))}
      </fieldset>
      <Choice
        label="Site"
        value={filters.site}
        options={sites.map((site) => [site.id, site.name])}
        onChange={(site) => set({ site })}
      />
      <Choice
        label="Box"
        value={filters.box}
        options={boxes.map((box) => [box.box, box.name])}
        onChange={(box) => set({ box })}
      />
      <Choice
        label="Type"
        value={filters.type}
        options={[
          ...groups.map(([group, words]): [string, string] => [`quaywatch.${group}.*`, `${words}: all`]),
          ...[...types].sort().map((type): [string, string] => [type, shortType(type)]),
        ]}
        onChange={(type) => set({ type })}
      />
      <input
        ref={text}
        className="input text"
        type="search"
        placeholder="Words ( / )"
        aria-label="Words"
        data-testid="filter-text"
        value={filters.text ?? ''}
        onChange={(e) => set({ text: e.target.value }, true)}
        onKeyDown={(e) => e.key === 'Escape' && e.currentTarget.blur()}
      />
      {filters.subject && (
        <button type="button" className="button" onClick={() => set({ subject: undefined })}>
          Subject {filters.subject} ✕
        </button>
      )}
      <button
        type="button"
        className="button quiet"
        data-testid="filter-clear"
        disabled={!filtered}
        onClick={() => screen.navigate({ filters: noFilters })}
      >
        Clear
      </button>
      <span className="muted total" data-testid="event-count">
        {count(shown)} {shown === 1 ? 'event' : 'events'}
        {feed.complete && !filters.text ? '' : ' loaded'}
      </span>
    </search>
  );
}

function Choice(props: {
  label: string;
  value: string | undefined;
  options: readonly (readonly [string, string])[];
  onChange: (value: string | undefined) => void;
}) {
  return (
    <select
      className="input"
      aria-label={props.label}
      data-testid={`filter-${props.label.toLowerCase()}`}
      value={props.value ?? ''}
      onChange={(e) => props.onChange(e.target.value || undefined)}
    >
      <option value="">{props.label}: all</option>
      {props.options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}
