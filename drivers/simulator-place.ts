/** Where a simulated device speaks: the first that its protocol can use is taken. */
export interface SimulatorPlace {
  /** Path of a pseudo-terminal; empty: anywhere. */
  readonly pty?: string;
  /** host:port of a TCP server; port 0: any free one. */
  readonly listen?: string;
  /** host:port that a device calls in to, again and again until somebody listens. */
  readonly connect?: string;
  /** host:port that datagrams are sent to. */
  readonly udp?: string;
  /** Folder that files are dropped into; empty: one of its own. */
  readonly folder?: string;
  /** Broker to publish to. */
  readonly url?: string;
}
