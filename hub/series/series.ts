/** What a curve is of: the same words, the same curve. */
export interface SeriesKey {
  /** `speed`, `lag`, or the name of a reading. */
  readonly name: string;
  readonly box: string;
  readonly site: string;
  /** Device or object; the box itself for its own health. */
  readonly device: string;
  /** UCUM. */
  readonly unit: string;
}

export interface Point extends SeriesKey {
  /** Epoch ms. */
  readonly time: number;
  readonly value: number;
}

/** What was measured in a bucket of time. */
export interface Bucket {
  /** Begin of the bucket, epoch ms. */
  readonly time: number;
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

export interface Curve extends SeriesKey {
  readonly buckets: readonly Bucket[];
}

export interface CurveQuery {
  readonly name: string;
  readonly box?: string;
  readonly device?: string;
  /** Any of. */
  readonly sites?: readonly string[];
  /** Epoch ms; `to` is not included. */
  readonly from: number;
  readonly to: number;
  /** Length of a bucket, whole seconds. Buckets begin at multiples of it from the epoch on. */
  readonly bucketS: number;
}

/**
 * Time series, projected from records. Writing a point again changes nothing: of two of the same series and moment the
 * last counts. Whole minutes are kept longer than points. Questions with buckets of whole minutes are answered from
 * them; others from the points, as far as those are kept.
 */
export interface SeriesStore {
  write(points: readonly Point[]): Promise<void>;
  /** In the order of box, then device; only buckets with something in them, in order of time. */
  read(query: CurveQuery): Promise<Curve[]>;
  /** Every series there is, in the order of name, box, device. */
  list(): Promise<SeriesKey[]>;
  /** Gives up what is older than its retention. */
  sweep(now: number): Promise<void>;
  close(): Promise<void>;
}

export interface Retention {
  /** Days for which every point is kept. */
  readonly pointDays: number;
  /** Days for which minutes are kept. */
  readonly minuteDays: number;
}

export const minuteMs = 60_000;
export const dayMs = 86_400_000;
export const compareKeys = (a: SeriesKey, b: SeriesKey): number =>
  compare(a.name, b.name) || compare(a.box, b.box) || compare(a.device, b.device) || compare(a.unit, b.unit);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
