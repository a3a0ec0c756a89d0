import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';

const text = (description: string, rest: object = {}) => Type.String({ description, ...rest });

/** How a box or a hub reaches an MQTT broker of somebody else, instead of or beside the hub's own. */
export const MqttConfig = Type.Object(
  {
    url: text('Address of the broker, mqtt://host:port, or mqtts://host:port with TLS.', {
      pattern: '^mqtts?://[^/]+$',
    }),
    prefix: text('What the names of the topics begin with; the same for boxes and hub.', {
      default: 'quaywatch',
      pattern: '^[\\w.-]+(/[\\w.-]+)*$',
    }),
    username: Type.Optional(text('User at the broker.')),
    passwordFile: Type.Optional(text('File with the password, mode 0600.')),
    tls: Type.Optional(
      Type.Object(
        {
          authority: text("File with the certificate of the broker's authority, PEM."),
          certificate: Type.Optional(text('File with the certificate to show, PEM.')),
          key: Type.Optional(text('File with its key, PEM.')),
        },
        {
          description:
            'For mqtts://; absent: the authorities that the system knows, and no certificate of our own.',
          additionalProperties: false,
        },
      ),
    ),
  },
  {
    description: 'An MQTT 3.1.1 broker (mosquitto or any other) as the link between boxes and the hub.',
    additionalProperties: false,
  },
);
export type MqttConfig = Static<typeof MqttConfig>;

/** Topics of a box; `+` as the box is the hub's subscription to all. */
export const mqttTopics = (prefix: string, box: string) => ({
  up: `${prefix}/v1/${box}/up`,
  scans: `${prefix}/v1/${box}/scans`,
  down: `${prefix}/v1/${box}/down`,
});

/** What of the config an MQTT client is opened with; files are read. Throws Error with what cannot be read. */
export function connectOptions({ username, passwordFile, tls }: MqttConfig) {
  const read = (file: string) => readFileSync(file, 'utf8').trim();
  return {
    ...(username !== undefined && { username }),
    ...(passwordFile !== undefined && { password: read(passwordFile) }),
    ...(tls && { ca: read(tls.authority) }),
    ...(tls?.certificate !== undefined && { cert: read(tls.certificate) }),
    ...(tls?.key !== undefined && { key: read(tls.key) }),
  };
}
