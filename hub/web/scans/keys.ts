import { type AreaCommand, command } from '../frame/area-command.ts';
import type { Shortcut } from '../frame/shortcuts.ts';
import type { Screen } from '../state/screen.ts';

const isOpen = (screen: Screen): boolean => {
  const { area, scan } = screen.address.get();
  return area === 'scans' && scan !== undefined;
};

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
  group: 'A scan that is open',
  when: isOpen,
  run: command(name),
  ...(shift === undefined ? {} : { shift }),
});

/** Keys of the scan that is open; elsewhere they are free. */
export const scanKeys: readonly Shortcut[] = [
  key(['+', '='], '+', 'Closer', 'zoomIn'),
  key(['-', '_'], '-', 'Wider', 'zoomOut'),
  key(['o', 'O'], 'o', 'One to one: a pixel of the scan on each of the screen', 'oneToOne'),
  key(['ArrowLeft'], '← → ↑ ↓', 'Move the cross hair', 'left', false),
  { ...key(['ArrowRight'], '', '', 'right', false), hidden: true },
  { ...key(['ArrowUp'], '', '', 'up', false), hidden: true },
  { ...key(['ArrowDown'], '', '', 'down', false), hidden: true },
  key(['ArrowLeft'], 'shift ←', 'Move the picture, all four ways', 'panLeft', true),
  { ...key(['ArrowRight'], '', '', 'panRight', true), hidden: true },
  { ...key(['ArrowUp'], '', '', 'panUp', true), hidden: true },
  { ...key(['ArrowDown'], '', '', 'panDown', true), hidden: true },
  key(['v'], 'v', 'Next view: grey, material, mass, organic, metal', 'nextView'),
  key(['V'], 'V', 'Previous view', 'previousView'),
  key(['p', 'P'], 'p', 'Next window: whole, light, dense', 'preset'),
  key([','], ',', 'Window towards light', 'lighter'),
  key(['.'], '.', 'Window towards dense', 'denser'),
  key(['<'], '<', 'Narrower window', 'narrower'),
  key(['>'], '>', 'Wider window', 'wider'),
  key(['g'], 'g', 'Brighter middle tones', 'brighter'),
  key(['G'], 'G', 'Darker middle tones', 'darker'),
  key(['s', 'S'], 's', 'Sweep through all densities, and stop', 'sweep'),
  key(['i', 'I'], 'i', 'Invert', 'invert'),
  key(['e', 'E'], 'e', 'Enhance edges', 'edges'),
  key(['x', 'X'], 'x', 'Findings drawn or not', 'marks'),
  key(['n'], 'n', 'Next finding', 'nextFinding'),
  key(['N'], 'N', 'Previous finding', 'previousFinding'),
  key(['m', 'M'], 'm', 'Measure: from here, to here, away', 'measure'),
  key(['z', 'Z'], 'z', 'Magnifying glass', 'loupe'),
];
