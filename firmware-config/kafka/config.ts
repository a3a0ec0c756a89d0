import { type Static, Type } from 'typebox';

const text = (description: string, rest: object = {}) => Type.String({ description, ...rest });

/** How a box or a hub reaches Apache Kafka, instead of or beside the hub's own broker. */
export const KafkaConfig = Type.Object(
  {
    brokers: Type.Array(Type.String({ pattern: '^.+:\\d+$' }), {
      description: 'Brokers to begin with, host:port.',
      minItems: 1,
    }),
    prefix: text('What the names of the topics begin with; the same for boxes and hubs.', {
      default: 'quaywatch',
      pattern: '^[\\w.-]+$',
    }),
    partitions: Type.Integer({
      description:
        'Partitions of the topics that boxes write to, when they are made: at least one for each hub.',
      default: 12,
      minimum: 1,
    }),
    replication: Type.Integer({
      description: 'Brokers that hold each partition, when topics are made.',
      default: 1,
      minimum: 1,
    }),
    tls: Type.Optional(
      Type.Object(
        {
          authority: text("File with the certificate of the brokers' authority, PEM."),
          certificate: text('File with the certificate to show, PEM.'),
          key: text('File with its key, PEM.'),
        },
        { description: 'TLS with a certificate on both sides; absent: plain.', additionalProperties: false },
      ),
    ),
  },
  { description: 'Apache Kafka as the link between boxes and hubs.', additionalProperties: false },
);
export type KafkaConfig = Static<typeof KafkaConfig>;

/** Topics by direction. What a box writes has its id as key, so that one partition keeps its order. */
export const kafkaTopics = (prefix: string) => ({
  up: `${prefix}.up`,
  scans: `${prefix}.scans`,
  /** What hubs of a group tell each other. */
  hubs: `${prefix}.hubs`,
  /** Of one box alone. */
  down: (box: string) => `${prefix}.down.${box}`,
});
