import type { Noise } from './noise.ts';
import type { ScannerProfile } from './scanner.ts';

/** What goes wrong in the electronics and the source while a scan is made. */
export interface DetectorFaults {
  /** Share of elements that are dead, hot or noisy from the start. */
  readonly badPixels?: number;
  /** Elements that fail within the scan, at a place along the truck, mm. */
  readonly dying?: { readonly atMm: number; readonly elements: number };
  /** Relative change of the dose over ten seconds. */
  readonly doseDrift?: number;
  /** Relative change of gain, root mean square over the elements, over ten seconds. */
  readonly gainDrift?: number;
  /** Relative swing of the beam over the height of the detector. */
  readonly wobble?: number;
}

/** What the reference detector says of a pulse of nominal dose, ADU. */
const referenceAdu = 800_000;

type Health = 'good' | 'dead' | 'hot' | 'noisy';

/** Turns transmission to ADU, element by element, as one scanner's electronics do. */
export class Electronics {
  readonly #scanner: ScannerProfile;
  readonly #factors: { readonly high: number; readonly low: number };
  readonly #faults: DetectorFaults;
  readonly #noise: Noise;
  readonly #offsets: Float64Array;
  readonly #gains: { readonly high: Float64Array; readonly low: Float64Array };
  readonly #drifts: Float64Array;
  readonly #health: Health[];
  readonly #glow: { readonly high: Float32Array; readonly low: Float32Array };
  #died = false;

  /** `factors`: how much larger than Poisson's the noise is, by energy. */
  constructor(
    scanner: ScannerProfile,
    rows: number,
    factors: { readonly high: number; readonly low: number },
    faults: DetectorFaults,
    noise: Noise,
  ) {
    this.#scanner = scanner;
    this.#factors = factors;
    this.#faults = faults;
    this.#noise = noise;
    const each = (of: () => number) => Float64Array.from({ length: rows }, of);
    this.#offsets = each(() => scanner.darkAdu * (1 + 0.08 * noise.normal()));
    const gains = each(() => 1 + 0.05 * noise.normal());
    this.#gains = { high: gains, low: gains.map((gain) => gain * (1 + 0.01 * noise.normal())) };
    this.#drifts = each(() => (faults.gainDrift ?? 0) * noise.normal());
    this.#health = Array.from({ length: rows }, () => this.#drawHealth(faults.badPixels ?? 0));
    this.#glow = { high: new Float32Array(rows), low: new Float32Array(rows) };
  }

  /**
   * One pulse. `transmission` absent: the beam is off. `xMm` is the place in the beam, `seconds` the time since the
   * start.
   */
  pulse(energy: 'high' | 'low', seconds: number, xMm: number, transmission?: Float32Array) {
    const { dying, doseDrift = 0, wobble = 0 } = this.#faults;
    if (dying && !this.#died && xMm >= dying.atMm) this.#kill(dying.elements);
    const dose = transmission
      ? (1 + this.#scanner.doseJitter * this.#noise.normal()) * (1 + (doseDrift * seconds) / 10)
      : 0;
    const tilt =
      Math.hypot(wobble, this.#scanner.wobble) * Math.SQRT2 * Math.sin(2 * Math.PI * 3.1 * seconds);
    const rows = this.#offsets.length;
    const samples = new Uint16Array(rows);
    for (let row = 0; row < rows; row++) {
      const share = (transmission?.[row] ?? 0) * dose * (1 + tilt * ((2 * row) / rows - 1));
      samples[row] = this.#read(energy, row, share, seconds);
    }
    const heard = dose * (1 + this.#scanner.doseResidual * this.#noise.normal());
    return { samples, doseRef: transmission ? Math.fround(referenceAdu * heard) : 0 };
  }

  #read(energy: 'high' | 'low', row: number, share: number, seconds: number): number {
    const { airAdu, airLowAdu, noiseAdu, afterglow, photonsHigh, photonsLow } = this.#scanner;
    const high = energy === 'high';
    const air = high ? airAdu : airLowAdu;
    const glow = this.#glow[energy];
    const signal = (share + afterglow * (glow[row] as number)) / (1 + afterglow);
    glow[row] = signal;
    const photons = high ? photonsHigh : photonsLow;
    const seen = this.#noise.reading(signal, photons, this.#factors[energy], noiseAdu / air);
    const gain = (this.#gains[energy][row] as number) * (1 + ((this.#drifts[row] as number) * seconds) / 10);
    const health = this.#health[row];
    let adu = (this.#offsets[row] as number) + air * gain * seen;
    if (health === 'dead') adu = (this.#offsets[row] as number) + noiseAdu * this.#noise.normal();
    else if (health === 'hot') adu = 65_535;
    else if (health === 'noisy') adu += 0.2 * air * this.#noise.normal();
    return Math.min(65_535, Math.max(0, Math.round(adu)));
  }

  #drawHealth(share: number): Health {
    const { random } = this.#noise;
    return random.chance(share) ? random.pick(['dead', 'dead', 'hot', 'noisy'] as const) : 'good';
  }

  #kill(elements: number): void {
    this.#died = true;
    const first = this.#noise.random.integer(0, this.#health.length - 1);
    for (let i = 0; i < elements; i++) this.#health[(first + i) % this.#health.length] = 'dead';
  }
}
