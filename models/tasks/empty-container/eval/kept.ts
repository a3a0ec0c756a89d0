import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundleManifest } from '../../../bundle/schema.ts';

/** What was found of each scan by one model, kept in a folder: an evaluation that was ended goes on where it was. */
export class Kept<T> {
  readonly #file: string | undefined;
  readonly #known = new Map<string, T>();

  /** Without a folder nothing is kept. */
  constructor(folder: string | undefined, { files, model, calibration, thresholds }: BundleManifest) {
    if (folder === undefined) return;
    const judged = JSON.stringify([files[model], calibration, thresholds]);
    const name = createHash('sha256').update(judged).digest('hex').slice(0, 16);
    this.#file = join(folder, `${name}.ndjson`);
    if (!existsSync(this.#file)) return;
    const text = readFileSync(this.#file, 'utf8');
    const lines = text.split('\n').slice(0, -1);
    // A line that was cut short is taken out, or the next one would go on in it.
    if (!text.endsWith('\n')) writeFileSync(this.#file, lines.map((line) => `${line}\n`).join(''));
    for (const [key, value] of lines.map((line) => JSON.parse(line) as [string, T]))
      this.#known.set(key, value);
  }

  /** What is known of a scan, else what `find` finds of it. */
  async of(key: string, find: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = await find();
    this.#known.set(key, found);
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify([key, found])}\n`);
    return found;
  }
}
