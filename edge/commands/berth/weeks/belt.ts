import type { OreWorld } from '#models/physics/ore/berth';
import { Berth, LotRun } from '#models/physics/ore/berth';
import { drawWaste, type OreTruth } from '#models/physics/ore/cargo';
import { Random } from '#models/physics/xray/random';
import { type PicturePool, pictureHeight, pictureWidth } from './pictures.ts';
import { shipHours, type WeekLot, type WeekShip } from './plan.ts';
import { RadiationField } from './radiation.ts';

/** A recorded line of the flow, with where the belt was. */
export interface WeekLine {
  readonly text: string;
  readonly ms: number;
  /** Lot on the scale, and tonnes of it that have gone by. */
  readonly lot: WeekLot | undefined;
  readonly tonnes: number;
}

/** 3,000 t/h at 2 m/s. */
const tonnesPerSecond = 3000 / 3600;
const metresPerSecond = 2;
const windowT = 5;
const windowSeconds = 6;
/** Metres behind the scale and delays, as the shipped flow has them. */
const sensors = { nir: 6, xrf: 9, camera: 12, gamma: 15 } as const;
const delayM = 0.5 * metresPerSecond;
const [stopSeconds, emptySeconds, betweenSeconds, warmUpSeconds] = [600, 180, 90, 150];
const [whiteSeconds, idleWhiteSeconds, idleSeconds] = [600, 1500, 300];
/** Share of its light that the lamp loses in a day, and when it is replaced, hours after it was told. */
const lampLossPerDay = 0.012;
export const replacedAfterHours = 12;

interface Heap {
  readonly truth: OreTruth;
  readonly share: number;
}
interface Passing {
  readonly atM: number;
  readonly lot: WeekLot;
  readonly window: number;
  readonly heap: Heap | undefined;
  readonly nir: readonly number[];
  readonly xrf: readonly number[];
}

/**
 * A berth by the second, ship after ship: what every sensor of the shipped flow says, as lines of a recording, in order of time. Between
 * ships the belt stands, and five minutes are a step.
 */
export class WeekBelt {
  readonly #world: OreWorld;
  readonly #berth: Berth;
  readonly #pool: PicturePool;
  readonly #random: Random;
  readonly #field: RadiationField;
  readonly #lotT: number;
  #ms: number;
  #metres = 0;
  #totalT = 0;
  #lastWhiteMs = -Infinity;
  #lampSinceMs: number;
  #passing: Passing[] = [];
  #lot: WeekLot | undefined;
  #tonnes = 0;
  #replaceMs: number | undefined;
  /** When the lamp was replaced, epoch ms. */
  readonly replaced: number[] = [];

  constructor(world: OreWorld, pool: PicturePool, lotT: number, seed: number, startMs: number) {
    this.#world = world;
    this.#berth = new Berth(world, seed);
    this.#pool = pool;
    this.#random = new Random(seed, 32);
    this.#field = new RadiationField(new Random(seed, 33));
    this.#lotT = lotT;
    this.#ms = startMs;
    this.#lampSinceMs = startMs;
  }

  /** The lamp is known to drift: somebody comes, some hours later. */
  lampTold(): void {
    this.#replaceMs ??= this.#ms + replacedAfterHours * 3_600_000;
  }

  *lines(ships: readonly WeekShip[]): Generator<WeekLine> {
    for (const ship of ships) {
      const endMs = this.#ms + shipHours * 3_600_000;
      yield* this.#run(warmUpSeconds);
      for (const lot of ship.lots) yield* this.#unload(lot);
      yield* this.#run(warmUpSeconds);
      while (this.#ms < endMs) yield* this.#idle();
    }
  }

  #line(node: string, message: object, aheadMs = 0): WeekLine {
    const time = new Date(this.#ms + aheadMs).toISOString();
    const text = JSON.stringify({ node, time, received: time, quality: 'good', attributes: {}, ...message });
    return { text, ms: this.#ms, lot: this.#lot, tonnes: this.#tonnes };
  }

  #says(state: string, lot: WeekLot): WeekLine {
    const declared = {
      lot: lot.id,
      shipper: 'Simulated Ores',
      brand: lot.declared,
      mine: 'Simulated mine',
      port: 'Simulated port',
      massT: this.#lotT,
      ship: lot.ship,
    };
    return this.#line('office', {
      kind: 'declaration',
      device: 'office',
      id: lot.id,
      goods: [],
      attributes: { lot: { state, declared } },
    });
  }

  *#unload(lot: WeekLot): Generator<WeekLine> {
    yield this.#says('announced', lot);
    yield* this.#run(betweenSeconds);
    yield this.#says('begin', lot);
    this.#lot = lot;
    this.#tonnes = 0;
    const brand = this.#world.materials.brands.find(({ name }) => name === lot.brand);
    if (!brand) throw new RangeError(`There is no brand ${lot.brand}.`);
    const run = new LotRun(this.#berth, brand, lot.seed, lot.wetPct);
    const heap = this.#heapOf(lot);
    const { incident } = lot;
    let happened = false;
    for (let window = 0; window < this.#lotT / windowT; window++) {
      const atT = window * windowT;
      const inside = atT + windowT > incident.fromT && atT < incident.toT;
      if (inside && !happened && (incident.what === 'stop' || incident.what === 'empty')) {
        happened = true;
        if (incident.what === 'stop') yield* this.#run(stopSeconds, false);
        else yield* this.#run(emptySeconds);
      }
      const covered =
        Math.max(0, Math.min(atT + windowT, incident.toT) - Math.max(atT, incident.fromT)) / windowT;
      const mixed = heap && inside ? { truth: heap.truth, share: heap.share * covered } : undefined;
      const seen = run.window(windowT, windowSeconds, mixed);
      const short = (value: number) => Math.round(value * 1e5) / 1e5;
      this.#passing.push({
        atM: this.#metres + (windowSeconds / 2) * metresPerSecond,
        lot,
        window,
        heap: mixed,
        nir: Array.from(seen.reflectance, short),
        xrf: Array.from(seen.counts),
      });
      yield* this.#run(windowSeconds, true, true);
    }
    yield this.#says('end', lot);
    this.#lot = undefined;
  }

  #heapOf({ incident, seed }: WeekLot): Heap | undefined {
    if (incident.what !== 'waste') return undefined;
    const waste = this.#world.materials.wastes.find(({ name }) => name === incident.waste);
    return waste && { truth: drawWaste(waste, new Random(seed, 14)), share: incident.share };
  }

  /** So many seconds of the belt, running or standing, with ore on it or without. */
  *#run(seconds: number, moves = true, loaded = false): Generator<WeekLine> {
    for (let second = 0; second < seconds; second++) {
      this.#ms += 1000;
      if (moves) this.#metres += metresPerSecond;
      if (loaded) {
        this.#totalT += tonnesPerSecond;
        this.#tonnes += tonnesPerSecond;
      }
      yield* this.#scale(moves ? metresPerSecond : 0);
      yield* this.#spectra();
      yield* this.#radiation(loaded);
      if (this.#ms - this.#lastWhiteMs >= whiteSeconds * 1000) yield this.#white();
    }
  }

  *#idle(): Generator<WeekLine> {
    this.#ms += idleSeconds * 1000;
    yield* this.#scale(0);
    yield* this.#radiation(false);
    if (this.#replaceMs !== undefined && this.#ms >= this.#replaceMs) {
      this.#lampSinceMs = this.#ms;
      this.#replaceMs = undefined;
      this.replaced.push(this.#ms);
      const instrument = { device: 'nir-1', what: 'lamp replaced', by: 'the crew' };
      yield this.#line('office', {
        kind: 'declaration',
        device: 'office',
        id: `S${this.#ms}`,
        goods: [],
        attributes: { instrument },
      });
    }
    if (this.#ms - this.#lastWhiteMs >= idleWhiteSeconds * 1000) yield this.#white();
  }

  *#scale(mps: number): Generator<WeekLine> {
    const reading = { kind: 'reading', device: 'scale-1' };
    yield this.#line('scale', { ...reading, name: 'beltSpeed', unit: 'm/s', value: mps });
    yield this.#line('scale', {
      ...reading,
      name: 'massTotal',
      unit: 't',
      value: Math.round(this.#totalT * 1000) / 1000,
    });
  }

  /** What lies below the spectrometers and the camera now: the middle of each window once. */
  *#spectra(): Generator<WeekLine> {
    const here = (offsetM: number) =>
      this.#passing.filter(({ atM }) => {
        const past = this.#metres - offsetM - atM;
        return past >= 0 && past < metresPerSecond;
      });
    const spectrum = { kind: 'spectrum' };
    const moves = this.#moved();
    if (!moves) return;
    for (const { lot, window, nir } of here(sensors.nir + delayM)) {
      const { what, fromT, toT } = lot.incident;
      const blocked = what === 'blocked' && window * windowT >= fromT && window * windowT < toT;
      yield this.#line('nir', {
        ...spectrum,
        technique: 'nir',
        device: 'nir-1',
        axis: { unit: 'nm', values: this.#nirAxis },
        // Mud on the window: what comes back is the mud's, always the same.
        values: blocked ? nir.map(() => 0.24) : nir,
        attributes: { reference: 'sample' },
      });
    }
    const { gainKeV, offsetKeV } = this.#berth.xrf.response;
    for (const { xrf } of here(sensors.xrf + delayM))
      yield this.#line('xrf', {
        ...spectrum,
        technique: 'xrf',
        device: 'xrf-1',
        axis: { unit: 'keV', start: offsetKeV, step: gainKeV },
        values: xrf,
        liveTimeS: windowSeconds,
      });
    for (const { lot, window } of here(sensors.camera)) {
      const planted = window * windowT + windowT > lot.incident.fromT && window * windowT < lot.incident.toT;
      const name = this.#pool.nameOf(lot, window, planted);
      this.#pool.make(name, lot, planted);
      yield this.#line('camera', {
        kind: 'frame',
        device: 'camera-1',
        view: 'belt',
        width: pictureWidth,
        height: pictureHeight,
        planes: ['red', 'green', 'blue'],
        bits: 8,
        data: { file: name, offset: 0, sha256: '0'.repeat(64) },
      });
    }
    this.#passing = this.#passing.filter(({ atM }) => this.#metres - atM < 40);
  }

  #lastMetres = -1;
  #moved(): boolean {
    const moved = this.#metres !== this.#lastMetres;
    this.#lastMetres = this.#metres;
    return moved;
  }

  get #nirAxis(): number[] {
    return Array.from(this.#world.nir.axis);
  }

  *#radiation(loaded: boolean): Generator<WeekLine> {
    const below = this.#metres - sensors.gamma - delayM;
    const near = this.#passing.find(({ lot, window, atM }) => {
      const { what, fromT } = lot.incident;
      return what === 'source' && window === Math.floor(fromT / windowT) && Math.abs(below - atM) <= 8;
    });
    const source = near?.lot.incident.what === 'source' ? near.lot.incident : undefined;
    const over = this.#passing.some(({ atM }) => Math.abs(below - atM) <= windowSeconds);
    const seen = this.#field.second(
      over || (loaded && this.#tonnes > 20),
      source && {
        nuclide: source.nuclide,
        megabecquerel: source.megabecquerel,
        alongM: Math.abs(below - (near?.atM ?? 0)),
      },
    );
    yield this.#line('gamma', {
      kind: 'spectrum',
      technique: 'gamma',
      device: 'gamma-1',
      axis: seen.axis,
      values: seen.counts,
      liveTimeS: 1,
    });
    yield this.#line('dose', {
      kind: 'reading',
      device: 'dose-1',
      name: 'doseRate',
      unit: 'uSv/h',
      value: seen.uSvPerH,
    });
  }

  #white(): WeekLine {
    this.#lastWhiteMs = this.#ms;
    const days = (this.#ms - this.#lampSinceMs) / 86_400_000;
    // An older lamp is darker, and colder: its blue goes first.
    const level = 1 - lampLossPerDay * days + 0.004 * this.#random.normal();
    const tilt = 0.4 * lampLossPerDay * days;
    const { axis } = this.#world.nir;
    const values = Array.from(
      axis,
      (_, i) => level * (1 - tilt * (0.5 - i / axis.length)) + 0.002 * this.#random.normal(),
    );
    return this.#line('nir', {
      kind: 'spectrum',
      technique: 'nir',
      device: 'nir-1',
      axis: { unit: 'nm', values: this.#nirAxis },
      values,
      attributes: { reference: 'white' },
    });
  }
}
