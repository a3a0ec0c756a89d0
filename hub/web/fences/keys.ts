import { areaKeys, arrowKeys } from '../frame/area-keys.ts';
import type { Shortcut } from '../frame/shortcuts.ts';
import type { Screen } from '../state/screen.ts';

const isOpen = (screen: Screen): boolean => screen.address.get().area === 'fences';

const key = areaKeys('Fences and routes', isOpen);

/** Keys while fences are drawn; elsewhere they are free. */
export const fenceKeys: readonly Shortcut[] = [
  key(['n'], 'n', 'Draw a new one', 'draw'),
  ...arrowKeys(key, 'Move the cross, or the corner that is held', 'Ten times as far, all four ways'),
  key(['Enter'], 'Enter', 'A corner at the cross', 'putPoint'),
  key(['e'], 'e', 'End the shape', 'closeShape'),
  key(['Backspace'], '⌫', 'Take the last corner back, or the one that is held', 'takeBack'),
  key(['v'], 'v', 'Hold the next corner', 'nextCorner'),
  key(['Delete'], 'Del', 'Take the fence away', 'removeFence'),
  key(['u'], 'u', 'Undo', 'undo'),
  key(['U'], 'U', 'Redo', 'redo'),
  key(['s'], 's', 'Save as a new version', 'saveFences'),
];
