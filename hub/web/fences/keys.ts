import { type AreaCommand, command } from '../frame/area-command.ts';
import type { Shortcut } from '../frame/shortcuts.ts';
import type { Screen } from '../state/screen.ts';

const isOpen = (screen: Screen): boolean => screen.address.get().area === 'fences';

const key = (
  keys: readonly string[],
  shown: string,
  does: string,
  name: AreaCommand,
  shift?: boolean,
): Shortcut => ({
  keys,
  shown,
  does,
  group: 'Fences and routes',
  when: isOpen,
  run: command(name),
  ...(shift === undefined ? {} : { shift }),
});

/** Keys while fences are drawn; elsewhere they are free. */
export const fenceKeys: readonly Shortcut[] = [
  key(['n'], 'n', 'Draw a new one', 'draw'),
  key(['ArrowLeft'], '← → ↑ ↓', 'Move the cross, or the corner that is held', 'left', false),
  { ...key(['ArrowRight'], '', '', 'right', false), hidden: true },
  { ...key(['ArrowUp'], '', '', 'up', false), hidden: true },
  { ...key(['ArrowDown'], '', '', 'down', false), hidden: true },
  key(['ArrowLeft'], 'shift ←', 'Ten times as far, all four ways', 'panLeft', true),
  { ...key(['ArrowRight'], '', '', 'panRight', true), hidden: true },
  { ...key(['ArrowUp'], '', '', 'panUp', true), hidden: true },
  { ...key(['ArrowDown'], '', '', 'panDown', true), hidden: true },
  key(['Enter'], 'Enter', 'A corner at the cross', 'putPoint'),
  key(['e'], 'e', 'End the shape', 'closeShape'),
  key(['Backspace'], '⌫', 'Take the last corner back, or the one that is held', 'takeBack'),
  key(['v'], 'v', 'Hold the next corner', 'nextCorner'),
  key(['Delete'], 'Del', 'Take the fence away', 'removeFence'),
  key(['u'], 'u', 'Undo', 'undo'),
  key(['U'], 'U', 'Redo', 'redo'),
  key(['s'], 's', 'Save as a new version', 'saveFences'),
];
