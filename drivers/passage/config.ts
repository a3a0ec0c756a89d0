import { type Static, Type } from 'typebox';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { httpFields } from '../http-fields.ts';
import { brokerFields } from '../mqtt-fields.ts';
import { parseAddress } from '../transport/link.ts';
import { parseBrokerUrl } from '../transport/mqtt/address.ts';

export const PassageConfig = Type.Object(
  {
    ...httpFields('7656'),
    maxBodyBytes: Type.Integer({
      description: 'A report with a larger body is refused, bytes; readers send pictures in it.',
      default: 4_194_304,
      minimum: 256,
      maximum: 67_108_864,
    }),
    point: Type.Optional(
      Type.String({ description: 'Point of readers that do not say where they stand.', minLength: 1 }),
    ),
    url: Type.Optional(
      Type.String({
        description:
          "Broker that the readers publish at, mqtt://host:port or mqtts://host:port; absent: the box's own.",
      }),
    ),
    topic: Type.Optional(
      Type.String({
        description:
          'Topic filter: the reports are taken from a broker instead of over HTTP. Who may publish there is for the broker to say.',
        minLength: 1,
        maxLength: 1024,
      }),
    ),
    ...brokerFields,
    ...deviceFields,
  },
  {
    description: 'Gate cameras, plate readers and weighbridges that report over HTTP or MQTT.',
    additionalProperties: false,
  },
);
export type PassageConfig = Static<typeof PassageConfig>;

/** What is known of the driver without its code. */
export const passageAbout = {
  type: 'passage',
  summary:
    'Vehicles and containers seen at a point, with confidence and picture: gate OCR, plate readers (OpenALPR, Plate Recognizer) and weighbridges, over HTTP or MQTT.',
  emits: ['passage', 'reading'],
  config: PassageConfig,
  repeats: true,
  pausable: true,
  check(config: Record<string, unknown>) {
    const { listen, url, topic } = config;
    if (typeof url === 'string' && topic === undefined)
      return [{ path: 'topic', message: 'there is a broker, and nothing to listen to' }];
    if (typeof url === 'string' && !parseBrokerUrl(url))
      return [{ path: 'url', message: `${url} is no mqtt:// or mqtts:// address without a password` }];
    if (typeof listen === 'string' && !parseAddress(listen))
      return [{ path: 'listen', message: `${listen} is no host:port` }];
    return [];
  },
} as const satisfies Omit<DriverEntry, 'load'>;
