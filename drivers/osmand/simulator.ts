import type { Message, Position } from '#flows/message';
import { consume, drained, type Simulator, type Source, Switches } from '../simulator.ts';
import { httpDevice } from '../transport/http-client.ts';
import { jsonOf, queryOf } from './encode.ts';

export const osmandFaults = [
  'silence',
  'garbage',
  'badField',
  'noPlace',
  'halfRequest',
  'frozen',
  'disconnect',
] as const;
type OsmandFault = (typeof osmandFaults)[number];

export interface OsmandSimulatorOptions {
  readonly source: Source;
  readonly host: string;
  readonly port: number;
  random(): number;
}

const isBytes = (item: Message | Uint8Array): item is Uint8Array => item instanceof Uint8Array;

/** Simulated phones: every other position goes as a query, the others as JSON. Bytes are lines of either. */
export async function simulateOsmand(options: OsmandSimulatorOptions): Promise<Simulator> {
  const { source, host, port, random } = options;
  const stopped = new AbortController();
  const device = httpDevice(host, port);
  const switches = new Switches<OsmandFault>(osmandFaults, (name, on) => {
    if (name === 'disconnect' && on) device.hangUp();
  });
  let turn = 0;
  let frozen: Pick<Position, 'lon' | 'lat'> | undefined;

  const report = (position: Position) => {
    if (!switches.has('frozen')) frozen = undefined;
    else frozen ??= { lon: position.lon, lat: position.lat };
    const said = { ...position, ...frozen };
    if (switches.has('badField')) device.say({ target: '/?id=x&lat=north&lon=4' });
    if (switches.has('noPlace')) device.say(queryOf({ ...said, lat: 91 }));
    device.say(turn++ % 2 === 0 ? queryOf(said) : jsonOf(said));
  };
  const done = consume(source, stopped.signal, (item) => {
    if (switches.has('disconnect')) device.hangUp();
    if (switches.has('silence')) return;
    if (switches.has('garbage'))
      device.raw(Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256))));
    if (switches.has('halfRequest'))
      device.raw(Buffer.from('POST / HTTP/1.1\r\nContent-Length: 500\r\n\r\n{"loc'));
    if (isBytes(item)) {
      const line = Buffer.from(item).toString('utf8').trim();
      device.say(line.startsWith('{') ? { target: '/', json: line } : { target: line });
    } else if (item.kind === 'position') report(item);
  }).then(() => drained(() => device.waiting, stopped.signal));
  return {
    config: { listen: `${host}:${port}`, devices: ['*'] },
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      await device.close();
    },
  };
}
