import { Calibration, type CalibrationOptions } from './calibration.ts';

const namesKept = 256;
const scannersKept = 256;

/** What is kept of a scanner: how it is calibrated, and the names that its scans were given. */
export class Memory {
  #calibration: Calibration | undefined;
  /** Oldest first. */
  readonly #names = new Set<string>();

  /** The calibration of its detectors; another number of them begins anew. */
  calibration(elements: number, options: CalibrationOptions): Calibration {
    if (this.#calibration?.elements !== elements) this.#calibration = new Calibration(elements, options);
    return this.#calibration;
  }

  /** A name that no other scan has; a part that begins later than the scan, or comes again, has one of its own. */
  name(scan: string, firstLine: number): string {
    const base = firstLine === 0 ? scan : `${scan}-${firstLine}`;
    let name = base;
    for (let again = 2; this.#names.has(name); again++) name = `${base}-again${again}`;
    keep(this.#names, name, namesKept);
    return name;
  }
}

function keep(names: Set<string>, name: string, most: number): void {
  names.add(name);
  for (const oldest of names) {
    if (names.size <= most) return;
    names.delete(oldest);
  }
}

/** Outlives connections: a scanner that calls again is still calibrated, and no scan is named twice. */
export class Memories {
  readonly #of = new Map<string, Memory>();

  of(scanner: string): Memory {
    let memory = this.#of.get(scanner);
    if (!memory) {
      memory = new Memory();
      this.#of.set(scanner, memory);
      const oldest = this.#of.keys().next();
      if (this.#of.size > scannersKept && !oldest.done) this.#of.delete(oldest.value);
    }
    return memory;
  }
}
