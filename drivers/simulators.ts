import type { Static, TObject } from 'typebox';
import { findings, withDefaults } from '#flows/lint/schema';
import type { Kind } from '#flows/message';
import type { Simulator, Source } from './simulator.ts';
import { simulatorOptions } from './simulator-options.ts';
import type { SimulatorPlace } from './simulator-place.ts';
import { parseAddress } from './transport/link.ts';

export interface SimulatorOptions {
  readonly source: Source;
  readonly place: SimulatorPlace;
  /** For names that must be unique at a broker. */
  readonly name: string;
  /** By the entry's `options`; absent: as they are by default. */
  readonly config?: Readonly<Record<string, unknown>>;
  random(): number;
}

/** A driver's other side. Its code is loaded when it is started. */
export interface SimulatorEntry {
  /** Type of the driver. */
  readonly type: string;
  /** Kind of message that its source is given to say; others it may not know. */
  readonly says: Kind;
  readonly faults: readonly string[];
  /** Which places it can speak at. */
  readonly places: readonly (keyof SimulatorPlace)[];
  /** What it can be told to be; absent: it has no choice. */
  readonly options?: TObject;
  /** Something to say where nothing is given; absent where a position will do, or nothing can be made up. */
  example?(): Promise<(turn: number, now: number) => Uint8Array>;
  /** Rejects with a Fault when the wire cannot be had, with RangeError for a place that is none. */
  start(options: SimulatorOptions): Promise<Simulator>;
}

/** What an entry was told to be, with its defaults. Throws RangeError for what it cannot be. */
function told<S extends TObject>(schema: S, given: Readonly<Record<string, unknown>> = {}): Static<S> {
  const config = withDefaults(schema, given);
  const wrong = findings(schema, config, 'config').map(({ path, message }) => `${path}: ${message}`);
  if (wrong.length > 0) throw new RangeError(wrong.join('; '));
  return config as Static<S>;
}

type Start = SimulatorEntry['start'];
interface Address {
  readonly host: string;
  readonly port: number;
}
type Told = Pick<SimulatorOptions, 'source' | 'random'>;
type Load<O> = () => Promise<(options: O) => Promise<Simulator> | Simulator>;

/** A device that calls in to an address. */
const callsIn =
  (load: Load<Told & Address>): Start =>
  async ({ source, random, place }) => {
    const address = parseAddress(place.connect ?? '');
    if (!address) throw new RangeError('It needs host:port to call in to.');
    const simulate = await load();
    return simulate({ source, random, ...address });
  };

/** A device that makes of its place what it can. */
const atPlace =
  (load: Load<Told & { readonly place: SimulatorPlace }>): Start =>
  async ({ source, random, place }) => {
    const simulate = await load();
    return simulate({ source, random, place });
  };

/** Every simulator there is: one for each driver of the registry. */
export const simulators: readonly SimulatorEntry[] = [
  {
    type: 'ais',
    says: 'position',
    faults: ['silence', 'garbage', 'badChecksum', 'cut', 'lostPart', 'unavailable', 'disconnect'],
    places: ['pty', 'listen', 'udp'],
    start: atPlace(async () => (await import('./ais/simulator.ts')).simulateAis),
  },
  {
    type: 'camera',
    says: 'frame',
    faults: ['silence', 'stall', 'garbage', 'frozen', 'disconnect'],
    places: ['listen'],
    example: async () => (await import('./camera/example.ts')).examplePicture,
    options: simulatorOptions.camera,
    async start({ source, place, random, config }) {
      const encoding = told(simulatorOptions.camera, config);
      const address = parseAddress(place.listen ?? '');
      if (!address) throw new RangeError('It needs host:port to listen at.');
      const { simulateCamera } = await import('./camera/simulator.ts');
      return simulateCamera({ source, random, ...encoding, ...address });
    },
  },
  {
    type: 'gt06',
    says: 'position',
    faults: ['silence', 'garbage', 'badCheck', 'cut', 'disconnect', 'noAnswer'],
    places: ['connect'],
    start: callsIn(async () => (await import('./gt06/simulator.ts')).simulateGt06),
  },
  {
    type: 'jt701',
    says: 'position',
    faults: [
      'silence',
      'garbage',
      'cut',
      'disconnect',
      'stringCut',
      'capOpened',
      'noAnswer',
      'noOpen',
      'openLate',
      'opensItself',
    ],
    places: ['connect'],
    start: callsIn(async () => (await import('./jt701/simulator.ts')).simulateJt701),
  },
  {
    type: 'jt808',
    says: 'position',
    faults: ['silence', 'garbage', 'badCheck', 'cut', 'divided', 'backfill', 'disconnect', 'noAnswer'],
    places: ['connect'],
    options: simulatorOptions.jt808,
    async start({ config, ...options }) {
      const layout = told(simulatorOptions.jt808, config);
      const load = async () => {
        const { simulateJt808 } = await import('./jt808/simulator.ts');
        return (given: Told & Address) => simulateJt808({ ...given, ...layout });
      };
      return callsIn(load)(options);
    },
  },
  {
    type: 'linescan',
    says: 'frame',
    faults: [
      'silence',
      'garbage',
      'lost',
      'doubled',
      'damaged',
      'dyingDetector',
      'doseDrift',
      'stop',
      'reverse',
      'cut',
      'disconnect',
    ],
    places: ['listen', 'connect'],
    async start({ source, place, random }) {
      const { listen, connect } = place;
      const address = parseAddress(listen ?? connect ?? '');
      if (!address) throw new RangeError('It needs host:port to listen at, or to call in to.');
      const { simulateLinescan } = await import('./linescan/simulator.ts');
      return simulateLinescan({ source, random, wire: { ...address, callsIn: listen === undefined } });
    },
  },
  {
    type: 'modbus',
    says: 'reading',
    faults: [
      'silence',
      'garbage',
      'late',
      'doubled',
      'cut',
      'merged',
      'echo',
      'foreign',
      'babble',
      'frozen',
      'disconnect',
      'noMove',
      'moveLate',
    ],
    places: ['pty', 'listen'],
    options: simulatorOptions.modbus,
    async start({ source, place, random, config }) {
      const { simulateModbus } = await import('./modbus/simulator.ts');
      const { profileOf } = await import('./modbus/config.ts');
      const { unit, profile: named } = told(simulatorOptions.modbus, config);
      const profile = profileOf(named);
      if (!('id' in profile)) throw new RangeError(profile.join('; '));
      const common = { source, random, profile, unit };
      const { pty, listen } = place;
      if (pty !== undefined)
        return simulateModbus({ ...common, wire: { pty: true, ...(pty === '' ? {} : { path: pty }) } });
      const address = parseAddress(listen ?? '');
      if (!address) throw new RangeError('It needs a pty, or host:port to listen at.');
      return simulateModbus({ ...common, wire: address });
    },
  },
  {
    type: 'mqtt-json',
    says: 'position',
    faults: ['silence', 'duplicate', 'outOfOrder', 'badJson', 'megabyte', 'reconnectStorm'],
    places: ['url'],
    async start({ source, place, name }) {
      if (place.url === undefined) throw new RangeError('It needs the url of a broker.');
      const { simulateMqttJson } = await import('./mqtt-json/simulator.ts');
      return simulateMqttJson({ source, url: place.url, clientId: name });
    },
  },
  {
    type: 'n42',
    says: 'spectrum',
    faults: ['silence', 'garbage', 'cut', 'brokenXml', 'badChannels', 'disconnect'],
    places: ['listen', 'folder'],
    start: atPlace(async () => (await import('./n42/simulator.ts')).simulateN42),
  },
  {
    type: 'nmea',
    says: 'position',
    faults: ['silence', 'garbage', 'badChecksum', 'cut', 'frozen', 'stuck', 'disconnect', 'clockOff'],
    places: ['pty', 'listen', 'udp'],
    start: atPlace(async () => (await import('./nmea/simulator.ts')).simulateNmea),
  },
  {
    type: 'osmand',
    says: 'position',
    faults: ['silence', 'garbage', 'badField', 'noPlace', 'halfRequest', 'frozen', 'disconnect'],
    places: ['connect'],
    start: callsIn(async () => (await import('./osmand/simulator.ts')).simulateOsmand),
  },
  {
    type: 'passage',
    says: 'passage',
    faults: ['silence', 'garbage', 'noConfidence', 'badJson', 'halfRequest', 'disconnect'],
    places: ['connect', 'url'],
    async start({ source, place, name, random }) {
      const { simulatePassage } = await import('./passage/simulator.ts');
      return simulatePassage({ source, random, place, name });
    },
  },
  {
    type: 'radpro',
    says: 'reading',
    faults: ['silence', 'garbage', 'late', 'cut', 'echo', 'twice', 'frozen', 'disconnect', 'clockOff'],
    places: ['pty', 'listen'],
    start: atPlace(async () => (await import('./radpro/simulator.ts')).simulateRadpro),
  },
  {
    type: 'scanfile',
    says: 'frame',
    faults: ['silence', 'garbage', 'cut', 'damaged', 'halfWritten'],
    places: ['folder'],
    example: async () => (await import('./scanfile/example.ts')).exampleScan,
    async start({ source, place, name, random }) {
      const { simulateScanfile } = await import('./scanfile/simulator.ts');
      return simulateScanfile({ source, random, name, folder: place.folder ?? '' });
    },
  },
  {
    type: 'spectrometer',
    says: 'spectrum',
    faults: ['silence', 'garbage', 'badCheck', 'cut', 'disconnect'],
    places: ['pty', 'listen', 'folder'],
    start: atPlace(async () => (await import('./spectrometer/simulator.ts')).simulateSpectrometer),
  },
  {
    type: 'teltonika',
    says: 'position',
    faults: ['silence', 'garbage', 'badCheck', 'cut', 'disconnect', 'noAnswer'],
    places: ['connect'],
    start: callsIn(async () => (await import('./teltonika/simulator.ts')).simulateTeltonika),
  },
];
