import type { SimulatorPlace } from './simulator-place.ts';
import { type DeviceEnd, listenAsDevice } from './transport/device-end.ts';
import { parseAddress } from './transport/link.ts';
import { openPty } from './transport/pty.ts';
import { sendUdp } from './transport/udp.ts';

/** The device's end of a line, and what the driver's config needs to reach it. */
export interface LineEnd extends DeviceEnd {
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * The end of a device that speaks unasked: a pseudo-terminal, a listening socket, or datagrams to an address.
 * Rejects with RangeError for a place that is none of these. A device does not hear what is said to it.
 */
export async function openLineEnd({ pty, listen, udp }: SimulatorPlace): Promise<LineEnd> {
  const ignore = () => undefined;
  if (pty !== undefined) {
    const end = await openPty(ignore, pty === '' ? undefined : pty);
    return withConfig(end, { path: end.address });
  }
  const address = parseAddress(listen ?? udp ?? '');
  if (!address)
    throw new RangeError('It needs a pty, host:port to listen at, or host:port to send datagrams to.');
  const { host, port } = address;
  if (listen !== undefined) {
    const end = await listenAsDevice(host, port, ignore);
    return withConfig(end, { connect: end.address });
  }
  const sender = sendUdp(host, port);
  return {
    config: { udp: `${host}:${port}` },
    address: `${host}:${port}`,
    send: (bytes) => sender.send(bytes),
    pending: 0,
    hangUp: () => undefined,
    close: () => sender.close(),
  };
}

/** A getter of the end must stay one: its bytes on the way change. */
const withConfig = (end: DeviceEnd, config: LineEnd['config']): LineEnd => ({
  config,
  address: end.address,
  send: (bytes) => end.send(bytes),
  get pending() {
    return end.pending;
  },
  hangUp: () => end.hangUp(),
  close: () => end.close(),
});
