import type { XmlListener } from './xml.ts';

/** A calibration of energy as the document has it: coefficients of a polynomial, or the boundaries of channels. */
export interface Calibration {
  readonly unit: string;
  readonly coefficients?: string;
  readonly boundaries?: string;
}

/** One spectrum or count with everything around it that it needs, as text: numbers are read later. */
export interface Measured {
  readonly what: 'spectrum' | 'counts';
  readonly values: string;
  readonly compression: string;
  readonly calibration?: Calibration;
  readonly detector?: string;
  readonly detectorType?: string;
  readonly liveTime?: string;
  readonly realTime?: string;
  readonly start?: string;
  /** `Item`, `Background`, `Foreground`, `Calibration`, … as the document says. */
  readonly source?: string;
  readonly sample?: string;
  readonly measurement?: string;
  readonly occupied?: string;
  readonly speed?: { readonly value: string; readonly unit: string };
  readonly instrument: Instrument;
  /** `quality` of 2006, where it is not good. */
  readonly quality?: string;
}

export interface Instrument {
  manufacturer?: string;
  model?: string;
  id?: string;
  type?: string;
  lane?: string;
  location?: string;
}

/** Where the text of an element goes, by the names of both generations. */
const instrumentFields: Readonly<Record<string, keyof Instrument>> = {
  Manufacturer: 'manufacturer',
  RadInstrumentManufacturerName: 'manufacturer',
  InstrumentModel: 'model',
  RadInstrumentModelName: 'model',
  InstrumentID: 'id',
  RadInstrumentIdentifier: 'id',
  InstrumentType: 'type',
  RadInstrumentClassCode: 'type',
  LaneNumber: 'lane',
  MeasurementLocationName: 'location',
};

/** Calibrations and detectors that a document may define, of each: more is no portal. */
const maxDefinitions = 4096;

type Scope = Record<string, string | undefined> & { speedUnit?: string | undefined };

/** Follows a document of ANSI N42.42, 2006 or 2011 and later, and hands each measurement on when its element ends. */
export class N42Document implements XmlListener {
  readonly #take: (measured: Measured) => void;
  #instrument: Instrument = {};
  #detectors = new Map<string, { name?: string; type?: string }>();
  #calibrations = new Map<string, Calibration>();
  /** Text of the innermost element. */
  #text = '';
  /** Fields of the measurement (2011) or of the detector's data (2006), and of the spectrum or count in it. */
  #outer: Scope = {};
  #inner: Scope | undefined;
  #calibration:
    | { id?: string; unit: string; energy: boolean; coefficients?: string; boundaries?: string }
    | undefined;
  #ownCalibration: Calibration | undefined;
  #detectorId: string | undefined;

  constructor(take: (measured: Measured) => void) {
    this.#take = take;
  }

  end(): void {
    this.#instrument = {};
    this.#detectors = new Map();
    this.#calibrations = new Map();
    this.#outer = {};
    this.#inner = undefined;
    this.#calibration = undefined;
    this.#text = '';
  }

  text(text: string): void {
    this.#text += text;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#text = '';
    switch (name) {
      case 'Measurement':
        this.#outer = { measurement: attributes.UUID };
        break;
      case 'DetectorData':
        this.#outer = { measurement: this.#outer.measurement };
        break;
      case 'RadMeasurement':
        this.#outer = { measurement: attributes.id };
        break;
      case 'RadDetectorInformation':
        this.#detectorId = attributes.id;
        break;
      case 'Spectrum':
      case 'GrossCounts':
        this.#inner = {
          detector: attributes.Detector ?? attributes.radDetectorInformationReference,
          sample: attributes.SampleNumber,
          quality: attributes.Quality,
          calibration: attributes.CalibrationIDs ?? attributes.energyCalibrationReference,
        };
        this.#ownCalibration = undefined;
        break;
      case 'CountDoseData':
        this.#inner = { detector: attributes.Detector, detectorType: attributes.DetectorType };
        break;
      case 'Calibration':
      case 'EnergyCalibration':
        this.#calibration = {
          ...(attributes.ID || attributes.id ? { id: attributes.ID ?? (attributes.id as string) } : {}),
          unit: attributes.EnergyUnits ?? 'keV',
          energy: name === 'EnergyCalibration' || attributes.Type === 'Energy',
        };
        break;
      case 'ChannelData':
        if (this.#inner)
          this.#inner.compression = attributes.Compression ?? attributes.compressionCode ?? 'None';
        break;
      case 'Speed':
      case 'RadInstrumentSpeed':
      case 'SpeedValue':
        this.#outer.speedUnit = attributes.Units ?? 'm/s';
        break;
    }
  }

  close(name: string): void {
    const text = this.#text.trim();
    this.#text = '';
    const field = instrumentFields[name];
    if (field !== undefined) {
      this.#instrument = { ...this.#instrument, [field]: text };
      return;
    }
    if (this.#calibration && this.#closeCalibration(name, text)) return;
    if (this.#detectorId !== undefined && this.#closeDetector(name, text)) return;
    const scope = this.#inner ?? this.#outer;
    switch (name) {
      case 'StartTime':
      case 'StartDateTime':
        scope.start = text;
        break;
      case 'LiveTime':
      case 'LiveTimeDuration':
        scope.liveTime = text;
        break;
      case 'RealTime':
      case 'RealTimeDuration':
      case 'SampleRealTime':
        scope.realTime = text;
        break;
      case 'SourceType':
      case 'MeasurementClassCode':
        scope.source = text;
        break;
      case 'DetectorType':
        scope.detectorType = text;
        break;
      case 'Occupied':
      case 'OccupancyIndicator':
        this.#outer.occupied = text;
        break;
      case 'Speed':
      case 'SpeedValue':
        this.#outer.speed = text;
        break;
      case 'ChannelData':
      case 'Counts':
      case 'CountData':
        scope.values = text;
        break;
      case 'Spectrum':
        this.#measured('spectrum');
        break;
      case 'GrossCounts':
      case 'CountDoseData':
        this.#measured('counts');
        break;
    }
  }

  #closeCalibration(name: string, text: string): boolean {
    const calibration = this.#calibration;
    if (!calibration) return false;
    switch (name) {
      case 'Coefficients':
      case 'CoefficientValues':
        calibration.coefficients = text;
        return true;
      case 'EnergyBoundaryValues':
        calibration.boundaries = text;
        return true;
      case 'Calibration':
      case 'EnergyCalibration': {
        this.#calibration = undefined;
        const { id, energy, ...rest } = calibration;
        if (!energy) return true;
        if (this.#inner) this.#ownCalibration = rest;
        else if (id !== undefined && this.#calibrations.size < maxDefinitions)
          this.#calibrations.set(id, rest);
        return true;
      }
      default:
        return true;
    }
  }

  #closeDetector(name: string, text: string): boolean {
    const id = this.#detectorId ?? '';
    const known = this.#detectors.get(id) ?? {};
    if (this.#detectors.size < maxDefinitions) {
      if (name === 'RadDetectorName') this.#detectors.set(id, { ...known, name: text });
      if (name === 'RadDetectorKindCode') this.#detectors.set(id, { ...known, type: text });
    }
    if (name === 'RadDetectorInformation') this.#detectorId = undefined;
    return true;
  }

  #measured(what: Measured['what']): void {
    const inner = this.#inner;
    this.#inner = undefined;
    if (!inner || inner.values === undefined) return;
    const outer = this.#outer;
    const named = this.#detectors.get(inner.detector ?? '');
    const ids = inner.calibration?.split(/\s+/) ?? [];
    const referred = ids.map((id) => this.#calibrations.get(id)).find((found) => found !== undefined);
    const fields = {
      calibration: this.#ownCalibration ?? referred,
      detector: named?.name ?? inner.detector,
      detectorType: inner.detectorType ?? named?.type,
      liveTime: inner.liveTime,
      realTime: inner.realTime ?? outer.realTime,
      start: inner.start ?? outer.start,
      source: inner.source ?? outer.source,
      sample: inner.sample,
      measurement: outer.measurement,
      occupied: outer.occupied,
      quality: inner.quality,
    };
    this.#take({
      what,
      values: inner.values,
      compression: inner.compression ?? 'None',
      instrument: this.#instrument,
      ...(Object.fromEntries(
        Object.entries(fields).filter(([, value]) => value !== undefined),
      ) as Partial<Measured>),
      ...(outer.speed === undefined ? {} : { speed: { value: outer.speed, unit: outer.speedUnit ?? 'm/s' } }),
    });
  }
}
