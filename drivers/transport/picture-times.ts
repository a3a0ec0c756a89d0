const timeBase = /\] \[info\] config in time_base: (\d+)\/(\d+)/;
const picture = /\] \[info\] n: *\d+ pts: *(-?\d+) /;

/**
 * Where pictures stand in their stream, from what ffmpeg's filter `showinfo` says. Counted in units of the stream: the
 * seconds that it says beside them have six digits, which after a day are no better than a second.
 */
export class PictureTimes {
  #unitS: number | undefined;

  /** Seconds, of a line that is about a picture; else undefined. */
  read(line: string): number | undefined {
    const [, numerator, denominator] = timeBase.exec(line) ?? [];
    if (denominator !== undefined) this.#unitS = Number(numerator) / Number(denominator);
    const units = picture.exec(line)?.[1];
    return units === undefined || this.#unitS === undefined ? undefined : Number(units) * this.#unitS;
  }
}
