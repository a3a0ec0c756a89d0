/** A request to the area that is open, such as the map or a scan: it listens for it on the window. */
export type AreaCommand =
  | 'fit'
  | 'follow'
  | 'search'
  | 'next'
  | 'previous'
  | 'open'
  | 'zoomIn'
  | 'zoomOut'
  | 'oneToOne'
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'panLeft'
  | 'panRight'
  | 'panUp'
  | 'panDown'
  | 'nextView'
  | 'previousView'
  | 'preset'
  | 'lighter'
  | 'denser'
  | 'narrower'
  | 'wider'
  | 'brighter'
  | 'darker'
  | 'invert'
  | 'edges'
  | 'marks'
  | 'nextFinding'
  | 'previousFinding'
  | 'sweep'
  | 'measure'
  | 'loupe';

export const areaCommandEvent = 'quaywatch:command';

export const command = (name: AreaCommand) => () =>
  window.dispatchEvent(new CustomEvent<AreaCommand>(areaCommandEvent, { detail: name }));
