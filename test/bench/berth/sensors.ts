import { startBerth } from '#edge/demo/berth/berth';
import type { BerthPorts } from '#edge/demo/layout';

/** Every sensor of a berth in a process of its own, so that its work is never counted as the box's. */
const [broker = '', ports = '{}'] = process.argv.slice(2);
await startBerth({
  broker,
  ports: JSON.parse(ports) as BerthPorts,
  camera: { width: 1280, height: 720, fps: 15 },
  onReady: () => process.send?.('ready'),
});
process.on('disconnect', () => process.exit(0));
