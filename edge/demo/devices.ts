import { simulateMqttJson } from '#drivers/mqtt-json/simulator';
import { simulateNmea } from '#drivers/nmea/simulator';
import type { Simulator } from '#drivers/simulator';
import type { Message, MessageOf } from '#flows/message';
import type { RoadNetwork } from '#flows/roads/network';
import { channel } from './channel.ts';
import type { TrafficOrigin } from './kept-traffic.ts';
import type { DemoPorts, DemoSite } from './layout.ts';
import { along, type Path } from './path.ts';
import { DemoTraffic, demoTraffic } from './traffic.ts';

const tickMs = 1000;
const boatSpeedKph = 14;
const craneSpeedKph = 6;

export interface DemoDevicesOptions {
  readonly ports: DemoPorts;
  readonly sites: readonly DemoSite[];
  /** What trucks drive on. */
  readonly roads: RoadNetwork;
  /** What they do there, since whenever it began. */
  readonly origin: TrafficOrigin;
  /** Where the pilot boat patrols, and where the yard's crane runs. */
  readonly patrol: Path;
  readonly craneway: Path;
  /** Path of the serial line that the crane's receiver is on. */
  readonly serialLine: string;
  readonly trucks: number;
  random(): number;
}

/** What a camera publishes: a topic of its own, a space, the reading. */
const readingOf = (passage: MessageOf<'passage'>): Uint8Array =>
  Buffer.from(`gates/${passage.point} ${JSON.stringify(passage)}`);

/** There and back again along a path, at a speed; where it is follows from the time, so that no start moves it. */
function shuttle(path: Path, speedKph: number) {
  return (nowMs: number) => {
    const distanceM = ((speedKph / 3600) * nowMs) % (2 * path.lengthM);
    const back = distanceM > path.lengthM;
    const spot = along(path, back ? 2 * path.lengthM - distanceM : distanceM);
    return { ...spot, courseDeg: back ? (spot.courseDeg + 180) % 360 : spot.courseDeg, speedKph };
  };
}

/**
 * The demo's devices, each simulated at the other end of a real wire: trucks' trackers, seals and the gate's camera publish
 * to the boxes' brokers over MQTT, a pilot boat's receiver answers on TCP, a crane's on a pseudo-terminal.
 * They are let in by their own user names where a broker asks; the demo's brokers listen on loopback only.
 */
export async function startDevices(options: DemoDevicesOptions): Promise<{ stop(): Promise<void> }> {
  const { ports, sites, random } = options;
  const { seed, startMs, numberedAfter } = options.origin;
  const planned = demoTraffic(seed, options.trucks, startMs, numberedAfter);
  const traffic = new DemoTraffic(options.roads, planned, Date.now());
  const simulators: Simulator[] = [];
  const open = { 'gate-a': channel<Message | Uint8Array>(), 'yard-b': channel<Message | Uint8Array>() };
  const boat = channel<Message>();
  const crane = channel<Message>();
  for (const site of ['gate-a', 'yard-b'] as const) {
    if (!sites.includes(site)) continue;
    const url = `mqtt://127.0.0.1:${ports.boxes[site].devices}`;
    simulators.push(await simulateMqttJson({ source: open[site].source, url, clientId: `trackers-${site}` }));
  }
  if (sites.includes('gate-a')) {
    const place = { listen: `127.0.0.1:${ports.receiver}` };
    simulators.push(await simulateNmea({ source: boat.source, place, random }));
  }
  if (sites.includes('yard-b')) {
    const place = { pty: options.serialLine };
    simulators.push(await simulateNmea({ source: crane.source, place, random }));
  }

  const patrol = shuttle(options.patrol, boatSpeedKph);
  const craneRun = shuttle(options.craneway, craneSpeedKph);
  const tick = () => {
    const nowMs = Date.now();
    const time = new Date(nowMs).toISOString();
    for (const { site, message } of traffic.until(nowMs))
      if (sites.includes(site)) open[site].send(message.kind === 'passage' ? readingOf(message) : message);
    const fix = { kind: 'position', time, quality: 'good', attributes: {}, fix: true } as const;
    boat.send({ ...fix, ...patrol(nowMs) });
    crane.send({ ...fix, ...craneRun(nowMs) });
  };
  const timer = setInterval(tick, tickMs);
  return {
    async stop() {
      clearInterval(timer);
      for (const each of [...Object.values(open), boat, crane]) each.close();
      await Promise.allSettled(simulators.map((simulator) => simulator.stop()));
    },
  };
}
