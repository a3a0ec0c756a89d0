import type { Priority } from '#hub/api/types';
import { readLook, type ScanLook, writeLook } from '../scans/look.ts';

/** What is selected; written into the address as `kind:id`. */
export type Selection =
  | { readonly kind: 'object'; readonly id: string }
  | { readonly kind: 'event'; readonly box: string; readonly sequence: number }
  | { readonly kind: 'device'; readonly box: string; readonly node: string }
  | { readonly kind: 'fence'; readonly id: string }
  | ({ readonly kind: 'scan' } & ScanKey);

export interface ScanKey {
  readonly box: string;
  readonly scan: string;
}

export type Area = 'live' | 'events' | 'scans' | 'berth' | 'boxes' | 'fences' | 'watch' | 'laboratory';
export const areas: readonly Area[] = [
  'live',
  'events',
  'scans',
  'berth',
  'boxes',
  'fences',
  'watch',
  'laboratory',
];

export interface Filters {
  readonly priorities: readonly Priority[];
  readonly site?: string;
  readonly box?: string;
  readonly type?: string;
  readonly subject?: string;
  readonly text?: string;
  /** Of scans: what their verdict says, or `live`. */
  readonly outcome?: string;
  readonly scanner?: string;
}

/** Where the map looks. */
export interface View {
  readonly zoom: number;
  readonly lat: number;
  readonly lon: number;
}

/** Everything of the screen that a colleague should see when he opens the link. */
export interface Address {
  readonly area: Area;
  /** The box whose page is open, in area `boxes`, or whose berth is, in area `berth`. */
  readonly box?: string;
  /** The scan that is open, in area `scans`, and how it is looked at. */
  readonly scan?: ScanKey;
  readonly look?: ScanLook;
  /** The ship whose report is open, in area `berth`. */
  readonly report?: string;
  /** Days of control charts of its instruments that are shown, in area `berth`. */
  readonly charts?: number;
  /** The fence set, watch list or part of the laboratory that is open, in their areas. */
  readonly set?: string;
  /** Hours of the selected object's track before the moment; absent: one. */
  readonly hours?: number;
  readonly selection?: Selection;
  /** Moment of the past, ms; absent: live. */
  readonly at?: number;
  readonly filters: Filters;
  readonly view?: View;
}

/** What a list shows unless asked for more: telemetry would bury the rest. No priority means all. */
export const noFilters: Filters = { priorities: ['alarm', 'verdict'] };
/** Everything. */
export const allEvents: Filters = { priorities: [] };
const priorityNames: readonly string[] = ['alarm', 'verdict', 'telemetry'] satisfies Priority[];
const filterKeys = ['site', 'box', 'type', 'subject', 'text', 'outcome', 'scanner'] as const;

export function formatAddress(address: Address): string {
  const path = `/${[address.area, ...within(address)].map(encodeURIComponent).join('/')}`;
  const query = new URLSearchParams();
  if (address.at !== undefined) query.set('t', new Date(address.at).toISOString());
  if (address.selection) query.set('sel', formatSelection(address.selection));
  const priorities = address.filters.priorities.join(',') || 'all';
  if (priorities !== noFilters.priorities.join(',')) query.set('priority', priorities);
  for (const key of filterKeys) if (address.filters[key]) query.set(key, address.filters[key]);
  if (address.area === 'berth' && address.charts !== undefined) query.set('charts', String(address.charts));
  if (address.hours !== undefined) query.set('hours', String(address.hours));
  if (address.view) {
    const { zoom, lat, lon } = address.view;
    query.set('map', `${zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`);
  }
  if (address.area === 'scans' && address.scan && address.look) writeLook(address.look, query);
  // Slashes, colons and commas are legal in a query and keep the link readable.
  const text = query.toString().replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%2C', ',');
  return text === '' ? path : `${path}?${text}`;
}

const hasSet = (area: Area): boolean => area === 'fences' || area === 'watch' || area === 'laboratory';

/** What of an area is open: a box, a scan, a set. */
function within({ area, box, scan, report, set }: Address): readonly string[] {
  if (hasSet(area) && set) return [set];
  if (area === 'boxes' && box) return [box];
  if (area === 'berth' && box) return report === undefined ? [box] : [box, report];
  return area === 'scans' && scan ? [scan.box, scan.scan] : [];
}

/** Whatever cannot be understood is left out; the rest of the link still works. */
export function parseAddress(pathname: string, search: string): Address {
  const [, first = '', second = '', third = ''] = pathname.split('/');
  const area = areas.find((a) => a === first) ?? 'live';
  const query = new URLSearchParams(search);
  const at = Date.parse(query.get('t') ?? '');
  const selection = parseSelection(query.get('sel') ?? '');
  const view = parseView(query.get('map') ?? '');
  const box = area === 'boxes' || area === 'berth' ? decode(second) : '';
  const report = area === 'berth' && box ? decode(third) : '';
  const scan = area === 'scans' ? { box: decode(second), scan: decode(third) } : undefined;
  const open = scan?.box && scan.scan ? scan : undefined;
  const look = open && readLook(query);
  const set = hasSet(area) ? decode(second) : '';
  const hours = Number(query.get('hours'));
  const charts = Number(query.get('charts'));
  const texts = filterKeys.flatMap((key) => {
    const value = query.get(key);
    return value ? [[key, value] as const] : [];
  });
  return {
    area,
    ...(box ? { box } : {}),
    ...(report ? { report } : {}),
    ...(open ? { scan: open } : {}),
    ...(look ? { look } : {}),
    ...(set ? { set } : {}),
    ...(area === 'berth' && charts > 0 && charts <= 90 ? { charts } : {}),
    ...(hours > 0 && hours <= 8784 ? { hours } : {}),
    ...(selection ? { selection } : {}),
    ...(Number.isFinite(at) ? { at } : {}),
    filters: { priorities: parsePriorities(query.get('priority')), ...Object.fromEntries(texts) },
    ...(view ? { view } : {}),
  };
}

export function formatSelection(selection: Selection): string {
  switch (selection.kind) {
    case 'object':
    case 'fence':
      return `${selection.kind}:${selection.id}`;
    case 'event':
      return `event:${selection.box}:${selection.sequence}`;
    case 'device':
      return `device:${selection.box}:${selection.node}`;
    case 'scan':
      return `scan:${selection.box}:${selection.scan}`;
  }
}

export function parseSelection(text: string): Selection | undefined {
  const colon = text.indexOf(':');
  const kind = text.slice(0, colon);
  const rest = text.slice(colon + 1);
  if (colon < 0 || rest === '') return undefined;
  if (kind === 'object' || kind === 'fence') return { kind, id: rest };
  if (kind === 'event') {
    const match = /^(.+):(\d{1,15})$/.exec(rest);
    return match ? { kind, box: match[1] as string, sequence: Number(match[2]) } : undefined;
  }
  const match = /^([^:]+):(.+)$/.exec(rest);
  if (kind === 'device' && match) return { kind, box: match[1] as string, node: match[2] as string };
  if (kind === 'scan' && match) return { kind, box: match[1] as string, scan: match[2] as string };
  return undefined;
}

export const sameScan = (a: ScanKey | undefined, b: ScanKey | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.box === b.box && a.scan === b.scan);

export const sameSelection = (a: Selection | undefined, b: Selection | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && formatSelection(a) === formatSelection(b));

function parsePriorities(text: string | null): readonly Priority[] {
  if (text === 'all') return [];
  const named = priorityNames.filter((name) => text?.split(',').includes(name)) as Priority[];
  return named.length > 0 ? named : noFilters.priorities;
}

function parseView(text: string): View | undefined {
  const [zoom, lat, lon] = text.split('/').map((part) => (part === '' ? Number.NaN : Number(part)));
  if (zoom === undefined || lat === undefined || lon === undefined) return undefined;
  const legal = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return legal ? { zoom, lat, lon } : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
