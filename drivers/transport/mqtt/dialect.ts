import type { IConnackPacket, IConnectPacket, IDisconnectPacket, ISubackPacket } from 'mqtt-packet';
import type { Problem } from '#flows/fault';
import { faults } from '../../faults.ts';

export const mqttProtocols = ['3.1.1', '5'] as const;
export type MqttProtocol = (typeof mqttProtocols)[number];

export interface Introduction {
  readonly protocol: MqttProtocol;
  readonly clientId: string;
  /** Whether the broker forgets the session when the connection ends. */
  readonly clean: boolean;
  /** How long the broker keeps the session without us, seconds; MQTT 5 alone can say it. */
  readonly sessionExpirySeconds: number;
  /** Unacknowledged messages at which the broker sends no more; MQTT 5 alone can say it. */
  readonly inFlight: number;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly keepaliveSeconds: number;
}

/** What the parser and writer of packets call the protocol. */
export const versionOf = (protocol: MqttProtocol) => (protocol === '5' ? 5 : 4);

/** No limit of a packet's size is asked for: a broker drops what is over it without a word to anybody. */
export function connectPacket(us: Introduction): IConnectPacket {
  const properties =
    us.protocol === '5'
      ? {
          properties: {
            sessionExpiryInterval: us.clean ? 0 : us.sessionExpirySeconds,
            receiveMaximum: us.inFlight,
          },
        }
      : {};
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: versionOf(us.protocol),
    clientId: us.clientId,
    clean: us.clean,
    keepalive: us.keepaliveSeconds,
    ...(us.username === undefined ? {} : { username: us.username }),
    ...(us.password === undefined ? {} : { password: Buffer.from(us.password) }),
    ...properties,
  };
}

/** Codes of 3.1.1 from 1, and those of 5 that another attempt does not mend. */
const refusals: Readonly<Record<number, string>> = {
  1: 'protocol version',
  2: 'client id',
  4: 'user or password',
  5: 'not authorised',
  132: 'protocol version',
  133: 'client id',
  134: 'user or password',
  135: 'not authorised',
  138: 'banned',
  140: 'authentication method',
};

/** Reasons of MQTT 5 to close a connection that are worth a word. */
const reasons: Readonly<Record<number, string>> = {
  130: 'protocol error',
  136: 'server unavailable',
  137: 'server busy',
  139: 'server shutting down',
  141: 'keepalive timeout',
  142: 'session taken over by another client of the same id',
  147: 'receive maximum exceeded',
  149: 'packet too large',
  151: 'quota exceeded',
  152: 'administrative action',
  159: 'connection rate exceeded',
};

/** Why the broker took no connection; undefined when it did. */
export function refusalOf(packet: IConnackPacket, place: string): Problem | undefined {
  const code = packet.reasonCode ?? packet.returnCode ?? 0;
  if (code === 0) return undefined;
  const lasting = refusals[code];
  if (lasting !== undefined) return faults.problem('mqtt.refused', { detail: lasting }, place);
  // A broker of 3.1.1 alone answers with its own code 1, which stands above; what is left passes by itself.
  const detail = code === 3 ? 'server unavailable' : (reasons[code] ?? `code ${code}`);
  return faults.problem('link.failed', { detail }, place);
}

/** What a broker says when it closes the connection itself. */
export function goodbyeOf(packet: IDisconnectPacket, place: string): Problem {
  const code = packet.reasonCode ?? 0;
  const lasting = refusals[code];
  if (lasting !== undefined) return faults.problem('mqtt.refused', { detail: lasting }, place);
  return faults.problem('link.failed', { detail: reasons[code] ?? `closed with code ${code}` }, place);
}

/** Whether the one subscription was granted at the asked quality: less would lose what is not committed. */
export function isGranted(packet: ISubackPacket, qos: 0 | 1): boolean {
  const [granted] = packet.granted;
  return typeof granted === 'number' && granted < 0x80 && granted >= qos;
}
