/**
 * The flow that Node-RED runs: `mqtt in` at QoS 1 that gives parsed JSON (its own node does that, which
 * spares the `json` node), one function node, `mqtt out` at QoS 1. The function is written as a good
 * user would: everything that can be made once is made on start, an R-tree finds the fences whose box
 * holds the fix, and Turf decides.
 */

const onStart = (fencesFile: string) => `
const fences = JSON.parse(fs.readFileSync(${JSON.stringify(fencesFile)}, 'utf8')).features;
const index = new Flatbush(fences.length);
for (const fence of fences) {
  let minX = Infinity, minY = Infinity, maxX = -Infinity, maxY = -Infinity;
  for (const [x, y] of fence.geometry.coordinates[0]) {
    if (x < minX) minX = x;
    if (y < minY) minY = y;
    if (x > maxX) maxX = x;
    if (y > maxY) maxY = y;
  }
  index.add(minX, minY, maxX, maxY);
}
index.finish();
context.set('engine', { fences, index, inside: new Map() });
`;

const onMessage = (out: string) => `
const fix = msg.payload;
if (fix._type !== 'location') return null;
const { fences, index, inside } = context.get('engine');
const device = msg.topic.slice(msg.topic.lastIndexOf('/') + 1);
const point = [fix.lon, fix.lat];
const now = index
  .search(fix.lon, fix.lat, fix.lon, fix.lat)
  .filter((i) => turf.booleanPointInPolygon(point, fences[i]));
const before = inside.get(device);
if (now.length > 0) inside.set(device, now);
else if (before) inside.delete(device);
else return null;
const events = [];
for (const i of now) {
  if (!before || !before.includes(i)) {
    events.push({ topic: ${JSON.stringify(out)}, payload: { device, tst: fix.tst, fence: fences[i].properties.id, change: 'enter' } });
  }
}
if (before) {
  for (const i of before) {
    if (!now.includes(i)) {
      events.push({ topic: ${JSON.stringify(out)}, payload: { device, tst: fix.tst, fence: fences[i].properties.id, change: 'exit' } });
    }
  }
}
return events.length > 0 ? [events] : null;
`;

export interface FlowPlaces {
  readonly brokerPort: number;
  readonly prefix: string;
  readonly out: string;
  readonly fencesFile: string;
}

/** Node-RED's flow file. */
export function nodeRedFlow({ brokerPort, prefix, out, fencesFile }: FlowPlaces): object[] {
  const place = (x: number) => ({ z: 'tab', x, y: 100 });
  return [
    { id: 'tab', type: 'tab', label: 'fences' },
    {
      id: 'broker',
      type: 'mqtt-broker',
      broker: '127.0.0.1',
      port: String(brokerPort),
      clientid: 'bench-node-red',
      autoConnect: true,
      usetls: false,
      protocolVersion: '4',
      keepalive: '60',
      cleansession: true,
      autoUnsubscribe: true,
    },
    {
      ...place(100),
      id: 'in',
      type: 'mqtt in',
      topic: `${prefix}/#`,
      qos: '1',
      datatype: 'json',
      broker: 'broker',
      inputs: 0,
      wires: [['fences']],
    },
    {
      ...place(300),
      id: 'fences',
      type: 'function',
      outputs: 1,
      timeout: 0,
      noerr: 0,
      func: onMessage(out),
      initialize: onStart(fencesFile),
      finalize: '',
      libs: [
        { var: 'fs', module: 'fs' },
        { var: 'Flatbush', module: 'flatbush' },
        { var: 'turf', module: '@turf/boolean-point-in-polygon' },
      ],
      wires: [['out']],
    },
    {
      ...place(500),
      id: 'out',
      type: 'mqtt out',
      topic: '',
      qos: '1',
      retain: 'false',
      broker: 'broker',
      wires: [],
    },
  ];
}

/** Node-RED's settings: no editor, no telemetry, nothing fetched, errors only in the log. */
export const nodeRedSettings = (port: number) =>
  `module.exports = ${JSON.stringify({
    uiHost: '127.0.0.1',
    uiPort: port,
    flowFile: 'flows.json',
    credentialSecret: false,
    disableEditor: true,
    httpNodeRoot: false,
    telemetry: { enabled: false, updateNotification: false },
    externalModules: {
      autoInstall: false,
      palette: { allowInstall: false },
      modules: { allowInstall: false },
    },
    functionExternalModules: true,
    logging: { console: { level: 'warn', metrics: false, audit: false } },
  })};\n`;
