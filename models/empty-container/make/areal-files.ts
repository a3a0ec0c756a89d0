import { closeSync, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** g/cm2 a step of what is written, and the step that stands for none. */
export const gCm2PerStep = 0.005;
export const zero = 400;

/** Areal densities, g/cm2, as they are written. */
export const quantised = (areal: Float32Array): Uint16Array =>
  Uint16Array.from(areal, (gCm2) => Math.min(65_535, Math.max(0, Math.round(gCm2 / gCm2PerStep) + zero)));

/** Pictures one after the other in `<name>.u16`, labels in `<name>.u8`, one line a picture in `<name>.ndjson`. Goes on where it ended. */
export class ArealFiles {
  readonly #files: readonly [areal: number, labels: number, index: number];
  #arealAt: number;
  #labelsAt: number;

  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true });
    const open = (ending: string) => openSync(join(folder, `${name}.${ending}`), 'a');
    this.#files = [open('u16'), open('u8'), open('ndjson')];
    this.#arealAt = fstatSync(this.#files[0]).size / 2;
    this.#labelsAt = fstatSync(this.#files[1]).size;
  }

  add(areal: Float32Array, labels: Uint8Array, facts: object): void {
    const [first, second, third] = this.#files;
    const line = { ...facts, gCm2PerStep, zero, arealAt: this.#arealAt, labelsAt: this.#labelsAt };
    writeSync(first, quantised(areal));
    writeSync(second, labels);
    writeSync(third, `${JSON.stringify(line)}\n`);
    this.#arealAt += areal.length;
    this.#labelsAt += labels.length;
  }

  close(): void {
    for (const file of this.#files) closeSync(file);
  }
}
