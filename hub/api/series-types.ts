/** GET /series */
export interface SeriesList {
  readonly series: readonly {
    name: string;
    box: string;
    site: string;
    /** Device or object; the box itself for its own health. */
    device: string;
    /** UCUM. */
    unit: string;
  }[];
}

/** GET /series/curves */
export interface CurveList {
  /** Length of a bucket, seconds. */
  readonly bucketS: number;
  readonly curves: readonly (SeriesList['series'][number] & {
    readonly points: readonly { time: string; count: number; mean: number; min: number; max: number }[];
  })[];
}
