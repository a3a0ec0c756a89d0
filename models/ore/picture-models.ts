import type { Measured, OreAnswer, OreModel } from '#flows/ore/model';
import { Refusal } from '#flows/process';
import type { FrameMessage, FrameSource, Pixels } from '#flows/scan';
import type { Picture } from './picture-features.ts';
import type { PictureJudge, Seen } from './pictures.ts';

/** From this p-value of a picture on, what lies in it is told. */
const toldFrom = 0.001;

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
    const seen =
      last.of(measurement, declared.brand) ??
      judge.look(declared.brand, picture ?? pictureOf(await frames.read(measurement), measurement));
    if (!seen) throw new Refusal('ore.brand', `The look of ${declared.brand} is not known.`);
    last.keep(measurement, declared.brand, seen);
    return seen;
  };
  const model = (
    id: string,
    answer: (brand: string, measured: readonly Measured[]) => OreAnswer,
  ): OreModel => ({
    ...by,
    id,
    simulated: true,
    techniques: ['image'],
    run,
    conclude: ({ declared }, measured) => ({ answer: answer(declared.brand, measured) }),
  });
  const reasons = (measured: readonly Measured[]) =>
    measured.length === 0 ? ['No picture of the increment could be looked at.'] : [];
  return [
    model('ore-anomaly', (brand, measured) => {
      const windows = seenIn(measured).flatMap(([window, seen]) => {
        const found = judge.anomaly(brand, seen);
        return found ? [{ window, p: found.p, t2: found.t2 }] : [];
      });
      const findings = windows
        .filter(({ p }) => p <= toldFrom)
        .map(({ window, p, t2 }) => ({
          label: 'unlike the brand',
          score: 1 - p,
          p,
          window,
          evidence: { t2 },
        }));
      return {
        values: [],
        windows: windows.map(({ window, p }) => ({ window, p })),
        findings,
        reasons: reasons(measured),
      };
    }),
    model('ore-inclusion', (_, measured) => {
      const found = seenIn(measured).map(([window, seen]) => {
        const all = seen.map((one) => ({
          ...judge.inclusion(one),
          region: one.region,
          strange: one.strange,
        }));
        const best = all.reduce((a, b) => (b.p < a.p ? b : a));
        // The least of some p-values, as one.
        return {
          ...best,
          window,
          p: Math.min(1, best.p * all.length),
          score: best.p <= toldFrom ? best.score : 0,
        };
      });
      const findings = found
        .filter(({ p }) => p <= toldFrom)
        .map(({ label, score, p, window, region, strange }) => ({
          label,
          score,
          p,
          window,
          region,
          evidence: { strange },
        }));
      return {
        values: [],
        windows: found.map(({ window, p }) => ({ window, p })),
        findings,
        reasons: reasons(measured),
      };
    }),
  ];
}
