import { Type } from 'typebox';
import { mqttProtocols } from './transport/mqtt/dialect.ts';

const secret = (what: string) =>
  Type.Optional(Type.String({ description: `Name of the secret that holds ${what}.`, minLength: 1 }));

/** Fields of every driver that listens at a broker, beside `url` and `topic`. */
export const brokerFields = {
  protocol: Type.Enum(mqttProtocols, {
    description: "Version of MQTT that the broker is spoken to in; the box's own broker needs none.",
    default: '3.1.1',
  }),
  sessionExpirySeconds: Type.Integer({
    description:
      'How long a broker of MQTT 5 keeps what the box missed, seconds; one of 3.1.1 keeps it as its own config says.',
    default: 604_800,
    minimum: 0,
    maximum: 4_294_967_295,
  }),
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
};
