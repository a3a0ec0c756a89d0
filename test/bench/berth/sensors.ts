import { type BerthOptions, startBerth } from '#edge/demo/berth/berth';
import type { Script } from '#edge/demo/berth/script';
import type { BerthPorts } from '#edge/demo/layout';

/** Every sensor of a berth in a process of its own, so that its work is never counted as the box's. */
const [broker = '', ports = '{}', camera = '{}', script] = process.argv.slice(2);
await startBerth({
  broker,
  ports: JSON.parse(ports) as BerthPorts,
  camera: JSON.parse(camera) as BerthOptions['camera'],
  ...(script === undefined ? {} : { script: JSON.parse(script) as Script }),
  onReady: () => process.send?.('ready'),
});
process.on('disconnect', () => process.exit(0));
