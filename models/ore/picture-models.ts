import type { Measured, OreAnswer, OreModel } from '#flows/ore/model';
import { Refusal } from '#flows/process';
import type { FrameMessage, FrameSource, Pixels } from '#flows/scan';
import { type Baseline, freshBaseline } from './baseline.ts';
import type { Picture } from './picture-cells.ts';
import type { PictureJudge, Seen } from './pictures.ts';

/** From this p-value of a picture on, what lies in it is told. */
export const toldFrom = 0.001;
/**
 * At this p-value it is as likely a foreign body as clean ore. Over the thousand windows of a lot of 5,000 t that is a quarter of a thousandth, as for the lot's tests. What is less strange
 * is told with a lower score, to be looked at, and does not count against the lot.
 */
export const evenAt = 2.5e-7;

/** Log of the mean brightness, of 255, of pictures that show no ore: the darkest ore is three times as bright. */
const darkest = Math.log(20);

/** From so many pictures of a window on, so many have to show a foreign body. */
const manyPictures = 15;
const witnesses = 3;

/** What the model of looks keeps of a lot, and which version did. */
interface Remembered {
  readonly version: string;
  readonly baseline: Baseline;
}

/** Planes of 8 bits of a frame's pixels, which are column by column. */
function pictureOf({ samples, columns, rows }: Pixels, { planes, bits }: FrameMessage): Picture {
  const shift = Math.max(0, bits - 8);
  const plane = (p: number) => {
    const out = new Uint8Array(columns * rows);
    for (let x = 0; x < columns; x++)
      for (let y = 0; y < rows; y++)
        out[y * columns + x] = (samples[(x * planes.length + p) * rows + y] as number) >> shift;
    return out;
  };
  const [red, green, blue] = [0, Math.min(1, planes.length - 1), Math.min(2, planes.length - 1)];
  return { width: columns, height: rows, planes: [plane(red), plane(green), plane(blue)] };
}

/** As it is held, colours side by side, where the source has it so: no copy, and good for this call alone. */
function heldPicture(rgb: Uint8Array, { width, height }: FrameMessage): Picture {
  return { width, height, planes: [rgb, rgb.subarray(1), rgb.subarray(2)], stride: 3 };
}

/** What was seen of the picture before: two stages look at each. */
class LastLook {
  #key = '';
  #seen: Seen | undefined;

  of(frame: FrameMessage, brand: string): Seen | undefined {
    return keyOf(frame, brand) === this.#key ? this.#seen : undefined;
  }

  keep(frame: FrameMessage, brand: string, seen: Seen): void {
    this.#key = keyOf(frame, brand);
    this.#seen = seen;
  }
}

const keyOf = ({ data, device, time }: FrameMessage, brand: string): string =>
  `${brand} ${device} ${time} ${JSON.stringify(data)}`;

const seenIn = (measured: readonly Measured[]) => {
  const byWindow = new Map<number, Seen[]>();
  for (const { place, result } of measured)
    byWindow.set(place.window, [...(byWindow.get(place.window) ?? []), result as Seen]);
  return [...byWindow].sort(([a], [b]) => a - b);
};

/** What does not look like the brand, and what lies on the belt that is no ore. */
export function pictureModels(
  judge: PictureJudge,
  by: { readonly version: string; readonly signed: boolean },
  frames: FrameSource | undefined,
): OreModel[] {
  const last = new LastLook();
  const run: OreModel['run'] = async (measurement, declared) => {
    if (measurement.kind !== 'frame' || !frames)
      throw new Refusal('ore.kind', 'This model looks at pictures.');
    const held = frames.picture?.(measurement);
    const whole = held?.length === 3 * measurement.width * measurement.height;
    const picture = held && whole ? heldPicture(held, measurement) : undefined;
    const known = last.of(measurement, declared.brand);
    if (known) return known;
    const seen = judge.look(
      declared.brand,
      picture ?? pictureOf(await frames.read(measurement), measurement),
    );
    if (seen && seen.features[0] !== undefined && seen.features[0] < darkest)
      throw new Refusal('ore.picture', 'The picture is dark: the lamps are off, or the lens is covered.');
    if (!seen) throw new Refusal('ore.brand', `The look of ${declared.brand} is not known.`);
    last.keep(measurement, declared.brand, seen);
    return seen;
  };
  const about = { ...by, simulated: true, techniques: ['image'] as const, run };
  const reasons = (measured: readonly Measured[]) =>
    measured.length === 0 ? ['No picture of the increment could be looked at.'] : [];
  return [
    {
      ...about,
      id: 'ore-anomaly',
      conclude({ declared: { brand } }, measured, memory) {
        const known = memory as Remembered | undefined;
        // Another version has other axes: the lot is learnt anew.
        let baseline = known?.version === by.version ? known.baseline : freshBaseline;
        const windows = seenIn(measured).flatMap(([window, seen]) => {
          const found = judge.anomaly(brand, seen, baseline);
          if (!found) return [];
          ({ baseline } = found);
          return [{ window, p: found.p, t2: found.t2 }];
        });
        const findings = windows
          .filter(({ p }) => p <= toldFrom)
          .map(({ window, p, t2 }) => ({
            label: 'unlike the brand or the lot so far',
            score: 1 - p,
            p,
            window,
            evidence: { t2 },
          }));
        const answer = {
          values: [],
          windows: windows.map(({ window, p }) => ({ window, p })),
          findings,
          reasons: reasons(measured),
        };
        return { answer, memory: { version: by.version, baseline } satisfies Remembered };
      },
    },
    {
      ...about,
      id: 'ore-inclusion',
      conclude(_, measured) {
        const windows = seenIn(measured).map(([window, seen]) => {
          const all = seen.map((one) => ({ ...judge.inclusion(one), ...one }));
          const sorted = all.sort((a, b) => a.p - b.p);
          // Of many pictures some show a body as it passes; a torn one is alone. The k-th least of n p-values, as one, however alike they are (Rueger 1978).
          const k = sorted.length >= manyPictures ? witnesses : 1;
          const best = sorted[k - 1] as (typeof sorted)[number];
          return { ...best, window, p: Math.min(1, (best.p * sorted.length) / k) };
        });
        const findings = windows
          .filter(({ p }) => p <= toldFrom)
          .map(({ label, score, p, window, region, strange }) => ({
            label,
            score: score * foreign(p),
            p,
            window,
            region,
            evidence: { strange, kind: score },
          }));
        const answer: OreAnswer = {
          values: [],
          windows: windows.map(({ window, p }) => ({ window, p })),
          findings,
          reasons: reasons(measured),
        };
        return { answer };
      },
    },
  ];
}

/** How likely it is no ore. */
const foreign = (p: number): number => 1 / (1 + p / evenAt);
