import type { Screen } from '../state/screen.ts';

export interface Shortcut {
  /** As `KeyboardEvent.key`; the first is shown. */
  readonly keys: readonly string[];
  readonly shown: string;
  readonly does: string;
  readonly run: (screen: Screen) => void;
}

export interface Surroundings {
  readonly help: () => void;
  readonly theme: () => void;
}

/** A request to the area that is open, such as the map: it listens for it on the window. */
export type AreaCommand = 'fit' | 'follow' | 'search' | 'next' | 'previous';
export const areaCommandEvent = 'quaywatch:command';
const command = (name: AreaCommand) => () =>
  window.dispatchEvent(new CustomEvent<AreaCommand>(areaCommandEvent, { detail: name }));

/** Every key of the screen; the help page is made from the same list. */
export const shortcuts = ({ help, theme }: Surroundings): readonly Shortcut[] => [
  { keys: ['1'], shown: '1', does: 'Map', run: (s) => s.navigate({ area: 'live', box: undefined }) },
  { keys: ['2'], shown: '2', does: 'Events', run: (s) => s.navigate({ area: 'events', box: undefined }) },
  {
    keys: ['3'],
    shown: '3',
    does: 'Boxes and devices',
    run: (s) => s.navigate({ area: 'boxes', box: undefined }),
  },
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
  { keys: ['/'], shown: '/', does: 'Find an object, or filter by text', run: command('search') },
  { keys: ['j', 'J'], shown: 'j', does: 'Next (older) event', run: command('next') },
  { keys: ['k', 'K'], shown: 'k', does: 'Previous (newer) event', run: command('previous') },
  { keys: ['f', 'F'], shown: 'f', does: 'Map: fit the port', run: command('fit') },
  { keys: ['c', 'C'], shown: 'c', does: 'Map: follow the selected object', run: command('follow') },
  {
    keys: ['Escape'],
    shown: 'Esc',
    does: 'Drop the selection',
    run: (s) => s.navigate({ selection: undefined }),
  },
  { keys: ['t', 'T'], shown: 't', does: 'Dark or light', run: theme },
  { keys: ['?'], shown: '?', does: 'This page', run: help },
];

/** Keys belong to the field that is typed in, and to the browser when a modifier is held. */
export function isForScreen(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return true;
  if (target.closest('dialog[open]')) return false;
  if (target.matches('input, select, textarea')) return false;
  return !(event.key === ' ' && target.closest('button, a'));
}
