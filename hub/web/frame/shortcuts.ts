import { fenceKeys } from '../fences/keys.ts';
import { scanKeys } from '../scans/keys.ts';
import type { Area } from '../state/address.ts';
import type { Screen } from '../state/screen.ts';
import { command } from './area-command.ts';

export interface Shortcut {
  /** As `KeyboardEvent.key`; the first is shown. */
  readonly keys: readonly string[];
  readonly shown: string;
  readonly does: string;
  readonly run: (screen: Screen) => void;
  /** With or without shift; absent: as it comes. */
  readonly shift?: boolean;
  /** Where the key means this; absent: everywhere. */
  readonly when?: (screen: Screen) => boolean;
  /** Heading on the help page. */
  readonly group?: string;
  /** Said by another entry of the help page. */
  readonly hidden?: boolean;
}

export interface Surroundings {
  readonly help: () => void;
  readonly theme: () => void;
}

const open = (area: Area) => (screen: Screen) =>
  screen.navigate({
    area,
    box: undefined,
    scan: undefined,
    look: undefined,
    report: undefined,
    set: undefined,
  });

/** Every key of the screen; the help page is made from the same list. */
export const shortcuts = ({ help, theme }: Surroundings): readonly Shortcut[] => [
  { keys: ['1'], shown: '1', does: 'Map', run: open('live') },
  { keys: ['2'], shown: '2', does: 'Events', run: open('events') },
  { keys: ['3'], shown: '3', does: 'Scans', run: open('scans') },
  { keys: ['4'], shown: '4', does: 'Berth', run: open('berth') },
  { keys: ['5'], shown: '5', does: 'Boxes and devices', run: open('boxes') },
  { keys: ['6'], shown: '6', does: 'Fences and routes', run: open('fences') },
  { keys: ['7'], shown: '7', does: 'Watch lists', run: open('watch') },
  { keys: ['8'], shown: '8', does: 'Laboratory', run: open('laboratory') },
  { keys: ['l', 'L'], shown: 'l', does: 'Back to live', run: (s) => s.moveTime({ kind: 'live' }) },
  {
    keys: [' '],
    shown: 'space',
    does: 'Hold this moment, play, pause',
    run: (s) => s.moveTime({ kind: 'toggle' }),
  },
  {
    keys: ['['],
    shown: '[',
    does: '10 seconds back',
    run: (s) => s.moveTime({ kind: 'step', byMs: -10_000 }),
  },
  { keys: [']'], shown: ']', does: '10 seconds on', run: (s) => s.moveTime({ kind: 'step', byMs: 10_000 }) },
  {
    keys: ['{'],
    shown: '{',
    does: '5 minutes back',
    run: (s) => s.moveTime({ kind: 'step', byMs: -300_000 }),
  },
  { keys: ['}'], shown: '}', does: '5 minutes on', run: (s) => s.moveTime({ kind: 'step', byMs: 300_000 }) },
  { keys: ['/'], shown: '/', does: 'Find an object or a scan, or filter by text', run: command('search') },
  { keys: ['j', 'J'], shown: 'j', does: 'Next (older) event or scan', run: command('next') },
  { keys: ['k', 'K'], shown: 'k', does: 'Previous (newer) event or scan', run: command('previous') },
  { keys: ['f', 'F'], shown: 'f', does: 'Fit the port, or the scan', run: command('fit') },
  { keys: ['c', 'C'], shown: 'c', does: 'Map: follow the selected object', run: command('follow') },
  {
    keys: ['Escape'],
    shown: 'Esc',
    does: 'Drop the selection; then close the scan',
    run: dropOrClose,
  },
  { keys: ['t', 'T'], shown: 't', does: 'Dark or light', run: theme },
  { keys: ['?'], shown: '?', does: 'This page', run: help },
  ...fenceKeys,
  ...scanKeys,
];

export const isMeant = (each: Shortcut, event: KeyboardEvent, screen: Screen): boolean =>
  each.keys.includes(event.key) &&
  (each.shift === undefined || each.shift === event.shiftKey) &&
  (each.when?.(screen) ?? true);

/** One step out: of the selection, of what is chosen in a scan, of the scan. */
function dropOrClose(screen: Screen): void {
  const { selection, area, scan, look } = screen.address.get();
  if (selection || area !== 'scans' || !scan) screen.navigate({ selection: undefined });
  else if (look?.finding !== undefined || look?.line) {
    const { finding: _, line: __, ...rest } = look;
    screen.navigate({ look: rest }, 'replace');
  } else screen.navigate({ scan: undefined, look: undefined, selection: { kind: 'scan', ...scan } });
}

/** Keys belong to the field that is typed in, and to the browser when a modifier is held. */
export function isForScreen(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return true;
  if (target.closest('dialog[open]')) return false;
  if (target.matches('input, select, textarea')) return false;
  return !(event.key === ' ' && target.closest('button, a'));
}
