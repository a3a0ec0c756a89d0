import { areaKeys, arrowKeys } from '../frame/area-keys.ts';
import type { Shortcut } from '../frame/shortcuts.ts';
import type { Screen } from '../state/screen.ts';

const isOpen = (screen: Screen): boolean => {
  const { area, scan } = screen.address.get();
  return area === 'scans' && scan !== undefined;
};

const key = areaKeys('A scan that is open', isOpen);

/** Keys of the scan that is open; elsewhere they are free. */
export const scanKeys: readonly Shortcut[] = [
  key(['+', '='], '+', 'Closer', 'zoomIn'),
  key(['-', '_'], '-', 'Wider', 'zoomOut'),
  key(['o', 'O'], 'o', 'One to one: a pixel of the scan on each of the screen', 'oneToOne'),
  ...arrowKeys(key, 'Move the cross hair', 'Move the picture, all four ways'),
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
