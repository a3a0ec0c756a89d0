/** Positions of trucks as events, through fences, at the box's own broker. */
export const positionsFlow = (fences: object, topic: string) => ({
  id: 'positions',
  version: 1,
  nodes: [
    { id: 'trucks', driver: 'mqtt-json', config: { topic, topicLevel: 4 } },
    {
      id: 'fences',
      stage: 'geofence',
      config: { fences, hysteresisM: 0, confirmFixes: 1, confirmSeconds: 0 },
    },
    { id: 'alarm', stage: 'emit', config: { priority: 'alarm' } },
    { id: 'track', stage: 'emit', config: { priority: 'telemetry' } },
  ],
  wires: [
    { from: 'trucks', to: 'fences' },
    { from: 'trucks', to: 'track' },
    { from: 'fences', to: 'alarm' },
  ],
});

/** The scanner lane as it is shipped, without its cameras and tests. */
export const laneFlow = (n: number, port: number) => ({
  id: `lane-${n}`,
  version: 1,
  nodes: [
    { id: 'scanner', driver: 'linescan', config: { connect: `127.0.0.1:${port}`, device: `xray-${n}` } },
    { id: 'look', stage: 'infer', config: { model: 'empty-container' } },
    { id: 'judge', stage: 'verdict', config: { models: ['empty-container'] } },
    { id: 'record', stage: 'emit', config: { priority: 'verdict', type: 'quaywatch.scan.verdict' } },
  ],
  wires: [
    { from: 'scanner', to: 'judge' },
    { from: 'scanner', to: 'look', buffer: { capacity: 256, overflow: 'block' } },
    { from: 'look', to: 'judge' },
    { from: 'judge', to: 'record' },
  ],
});
