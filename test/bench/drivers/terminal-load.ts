/**
 * The terminals of the bench, in a process of their own: `terminal-load.js PORT TERMINALS SECONDS`. Each says a
 * location once a second, and in it when: `lat` is the moment in tenths of a millisecond, `lon` the number of the turn.
 */
import { simulateJt808 } from '#drivers/jt808/simulator';
import type { Message } from '#flows/message';
import { stamp } from './moment.ts';

const [port = 0, terminals = 0, seconds = 0] = process.argv.slice(2).map(Number);

async function* driving(): AsyncGenerator<Message> {
  const started = performance.now();
  const total = terminals * seconds;
  for (let said = 0; said < total; ) {
    // Terminals are not in step: they are spread over the second.
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * terminals));
    for (; said < due; said++)
      yield {
        kind: 'position',
        device: `0139${String(said % terminals).padStart(8, '0')}`,
        time: new Date().toISOString(),
        quality: 'good',
        lat: stamp(),
        lon: Math.floor(said / terminals) / 1e6,
        speedKph: 40,
        courseDeg: 90,
        satellites: 9,
        fix: true,
        attributes: {},
      };
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const device = await simulateJt808({ source: driving(), host: '127.0.0.1', port, random: Math.random });
await device.done;
process.on('SIGTERM', () => void device.stop().then(() => process.exit(0)));
setInterval(() => undefined, 1000); // unanswered reports are still sent again
