import { materialClasses } from '../material/curves.ts';

type Colour = readonly [number, number, number];
/** Colours from black (0) over dark, middle and light to white (1). */
type Ramp = readonly (readonly [number, Colour])[];

const white: Colour = [254, 254, 254];
const ramp = (black: Colour, dark: Colour, middle: Colour, light: Colour): Ramp => [
  [0, black],
  [0.22, dark],
  [0.52, middle],
  [0.8, light],
  [1, white],
];

/** Rows of the palette: the four classes as scanners of cargo colour them, and areal mass. */
const ramps: readonly Ramp[] = [
  ramp([52, 26, 0], [158, 86, 8], [226, 150, 52], [245, 212, 150]),
  ramp([4, 32, 12], [24, 92, 40], [86, 154, 78], [176, 210, 150]),
  ramp([2, 16, 44], [10, 58, 116], [44, 116, 186], [150, 198, 232]),
  ramp([30, 2, 44], [84, 20, 112], [146, 74, 180], [208, 172, 226]),
  [
    [0, [8, 12, 40]],
    [0.2, [28, 52, 112]],
    [0.45, [96, 116, 132]],
    [0.7, [176, 172, 110]],
    [0.9, [240, 222, 140]],
    [1, white],
  ],
];

export const paletteRows = ramps.length;
/** Row of areal mass. */
export const massRow = materialClasses.length;

export function colourOf(row: number, brightness: number): Colour {
  const stops = ramps[row] as Ramp;
  const at = Math.max(
    1,
    stops.findIndex(([place]) => place >= brightness),
  );
  const [x0, from] = stops[at - 1] as readonly [number, Colour];
  const [x1, to] = stops[at] as readonly [number, Colour];
  const share = Math.min(1, Math.max(0, (brightness - x0) / (x1 - x0)));
  const mix = (i: 0 | 1 | 2) => from[i] * (1 - share) + to[i] * share;
  return [mix(0), mix(1), mix(2)];
}

export const cssColour = (row: number, brightness: number): string =>
  `rgb(${colourOf(row, brightness).map(Math.round).join(' ')})`;

/** The palette as a texture: brightness along x, rows along y, RGBA. */
export function paletteData(width: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(width * paletteRows * 4);
  for (let row = 0; row < paletteRows; row++)
    for (let x = 0; x < width; x++)
      data.set([...colourOf(row, x / (width - 1)).map(Math.round), 255], (row * width + x) * 4);
  return data;
}
