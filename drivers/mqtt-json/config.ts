import { type Static, Type } from 'typebox';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { brokerFields } from '../mqtt-fields.ts';
import { parseBrokerUrl } from '../transport/mqtt/address.ts';
import { deviceKinds, Mapping } from './mapping.ts';

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
    format: Type.Enum(['auto', 'owntracks', 'jointech', 'message', 'map'], {
      description:
        "What the payloads are: OwnTracks, what Jointech's platform pushes for its seals (upload/KEY/DEVICE/location, alarm, event, cmd), messages as this system has them (`kind`), JSON described by `map`, or any of these, told apart by fields and topic.",
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
    ...brokerFields,
    maxPayloadBytes: Type.Integer({
      description: 'A larger payload is refused, acknowledged and counted.',
      default: 65_536,
      minimum: 64,
      maximum: 16_777_216,
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
    'Messages from devices that publish JSON over MQTT 3.1.1 or 5: OwnTracks, Jointech seals, anything that can be mapped.',
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
