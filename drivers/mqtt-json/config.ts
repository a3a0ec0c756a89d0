import { type Static, Type } from 'typebox';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { parseBrokerUrl } from '../transport/mqtt/address.ts';
import { deviceKinds, Mapping } from './mapping.ts';

const secret = (what: string) =>
  Type.Optional(Type.String({ description: `Name of the secret that holds ${what}.`, minLength: 1 }));

export const MqttJsonConfig = Type.Object(
  {
    url: Type.Optional(
      Type.String({ description: "Broker, mqtt://host:port or mqtts://host:port; absent: the box's own." }),
    ),
    topic: Type.String({
      description: 'Topic filter; $share/GROUP/FILTER shares the messages between boxes.',
      minLength: 1,
      maxLength: 1024,
    }),
    format: Type.Enum(['auto', 'owntracks', 'message', 'map'], {
      description:
        'What the payloads are: OwnTracks, messages as this system has them (`kind`), JSON described by `map`, or any of these, told apart by their fields.',
      default: 'auto',
    }),
    map: Type.Optional(Mapping),
    topicLevel: Type.Optional(
      Type.Integer({
        description:
          'Level of the topic that names the device, from 1; absent: user and device of an OwnTracks topic, else what the payload says.',
        minimum: 1,
        maximum: 64,
      }),
    ),
    ...deviceFields,
    qos: Type.Integer({
      description: 'Quality of service: 1 comes again until it is committed, 0 does not.',
      default: 1,
      minimum: 0,
      maximum: 1,
    }),
    clientId: Type.Optional(
      Type.String({
        description: 'Client id, which names the session at the broker; absent: made of box, flow and node.',
        minLength: 1,
        maxLength: 128,
      }),
    ),
    username: Type.Optional(Type.String({ description: 'User at the broker.' })),
    passwordSecret: secret('the password'),
    caSecret: secret("the path of the authority's certificate (PEM)"),
    certSecret: secret("the path of the box's certificate (PEM)"),
    keySecret: secret("the path of the certificate's key (PEM)"),
    maxPayloadBytes: Type.Integer({
      description: 'A larger payload is refused, acknowledged and counted.',
      default: 65_536,
      minimum: 64,
      maximum: 16_777_216,
    }),
    inFlight: Type.Integer({
      description: "Unacknowledged messages at which reading stops; the broker's own limit may be lower.",
      default: 8192,
      minimum: 1,
      maximum: 32_768,
    }),
    keepaliveSeconds: Type.Integer({
      description: 'The broker is asked for a sign of life after half of this, seconds.',
      default: 30,
      minimum: 2,
      maximum: 3600,
    }),
    staleAfterSeconds: Type.Number({
      description: 'Silence after which the devices count as stale, seconds.',
      default: 300,
      minimum: 1,
      maximum: 864_000,
    }),
  },
  { description: 'Devices that publish JSON over MQTT.', additionalProperties: false },
);
export type MqttJsonConfig = Static<typeof MqttJsonConfig>;

/** What is known of the driver without its code. */
export const mqttJsonAbout = {
  type: 'mqtt-json',
  summary:
    'Messages from devices that publish JSON over MQTT: OwnTracks, seals, anything that can be mapped.',
  emits: deviceKinds,
  config: MqttJsonConfig,
  repeats: true,
  pausable: true,
  check(config: Record<string, unknown>) {
    const { url, format, map } = config;
    const problems: { path: string; message: string }[] = [];
    if (typeof url === 'string' && !parseBrokerUrl(url))
      problems.push({ path: 'url', message: `${url} is no mqtt:// or mqtts:// address without a password` });
    if (format === 'map' && map === undefined)
      problems.push({ path: 'map', message: 'the format is map, and there is none' });
    if (map !== undefined && format !== 'map' && format !== 'auto')
      problems.push({ path: 'map', message: `a map has no effect when the format is ${format}` });
    return problems;
  },
} as const satisfies Omit<DriverEntry, 'load'>;
