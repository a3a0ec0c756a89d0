import type { Screen } from '../state/screen.ts';
import { type AreaCommand, command } from './area-command.ts';
import type { Shortcut } from './shortcuts.ts';

type Key = (
  keys: readonly string[],
  shown: string,
  does: string,
  name: AreaCommand,
  shift?: boolean,
) => Shortcut;

/** Shortcuts of one area: each asks the area for something, and means nothing elsewhere. */
export const areaKeys =
  (group: string, when: (screen: Screen) => boolean): Key =>
  (keys, shown, does, name, shift) => ({
    keys,
    shown,
    does,
    group,
    when,
    run: command(name),
    ...(shift === undefined ? {} : { shift }),
  });

/** The four arrows without and with shift; the help page says what each four do in one line. */
export const arrowKeys = (key: Key, plain: string, withShift: string): readonly Shortcut[] => [
  key(['ArrowLeft'], '← → ↑ ↓', plain, 'left', false),
  { ...key(['ArrowRight'], '', '', 'right', false), hidden: true },
  { ...key(['ArrowUp'], '', '', 'up', false), hidden: true },
  { ...key(['ArrowDown'], '', '', 'down', false), hidden: true },
  key(['ArrowLeft'], 'shift ←', withShift, 'panLeft', true),
  { ...key(['ArrowRight'], '', '', 'panRight', true), hidden: true },
  { ...key(['ArrowUp'], '', '', 'panUp', true), hidden: true },
  { ...key(['ArrowDown'], '', '', 'panDown', true), hidden: true },
];
