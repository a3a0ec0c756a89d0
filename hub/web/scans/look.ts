/** How one looks at a scan: all of it is in the address, so that a colleague sees the same. */
export const scanViews = ['high', 'low', 'material', 'mass', 'organic', 'metal'] as const;
export type ScanViewName = (typeof scanViews)[number];

export interface ScanLook {
  /** Absent: materials, where the scanner has two energies. */
  readonly view?: ScanViewName;
  /** Depth in the middle and width of the window; absent: the whole. */
  readonly window?: { readonly level: number; readonly width: number };
  readonly gamma?: number;
  readonly inverted?: boolean;
  readonly edges?: boolean;
  /** Findings are not drawn. */
  readonly bare?: boolean;
  /** Number of the finding that is chosen. */
  readonly finding?: number;
  /** Absent: all of the scan. */
  readonly place?: { readonly zoom: number; readonly x: number; readonly y: number };
  /** Measured from, to: pixels of the scan. */
  readonly line?: readonly [number, number, number, number];
}

const switches = ['inverted', 'edges', 'bare'] as const;

export function writeLook(look: ScanLook, query: URLSearchParams): void {
  if (look.view) query.set('as', look.view);
  if (look.window) query.set('win', `${look.window.level}/${look.window.width}`);
  if (look.gamma !== undefined) query.set('gamma', String(look.gamma));
  const on = switches.filter((name) => look[name]);
  if (on.length > 0) query.set('opt', on.join(','));
  if (look.finding !== undefined) query.set('finding', String(look.finding));
  if (look.place) {
    const { zoom, x, y } = look.place;
    query.set('see', `${Number(zoom.toPrecision(4))}/${x.toFixed(1)}/${y.toFixed(1)}`);
  }
  if (look.line) query.set('line', look.line.map((each) => each.toFixed(1)).join('/'));
}

/** What cannot be understood is left out. Undefined when nothing is said. */
export function readLook(query: URLSearchParams): ScanLook | undefined {
  const view = scanViews.find((name) => name === query.get('as'));
  const [level, width] = numbers(query.get('win'), 2) ?? [];
  const [gamma] = numbers(query.get('gamma'), 1) ?? [];
  const on = new Set((query.get('opt') ?? '').split(','));
  const [finding] = numbers(query.get('finding'), 1) ?? [];
  const [zoom, x, y] = numbers(query.get('see'), 3) ?? [];
  const line = numbers(query.get('line'), 4);
  const look: ScanLook = {
    ...(view ? { view } : {}),
    ...(level !== undefined && width !== undefined && width > 0 ? { window: { level, width } } : {}),
    ...(gamma !== undefined && gamma >= 0.2 && gamma <= 5 ? { gamma } : {}),
    ...Object.fromEntries(switches.filter((name) => on.has(name)).map((name) => [name, true])),
    ...(finding !== undefined && Number.isInteger(finding) && finding >= 0 ? { finding } : {}),
    ...(zoom !== undefined && x !== undefined && y !== undefined && zoom > 0
      ? { place: { zoom, x, y } }
      : {}),
    ...(line ? { line: line as [number, number, number, number] } : {}),
  };
  return Object.keys(look).length === 0 ? undefined : look;
}

function numbers(text: string | null, count: number): number[] | undefined {
  const parts = (text ?? '').split('/').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return parts.length === count && parts.every(Number.isFinite) ? parts : undefined;
}
