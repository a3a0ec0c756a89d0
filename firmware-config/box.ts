import { type Static, Type } from 'typebox';
import { KafkaConfig } from './kafka/config.ts';
import { MachineConfig } from './machine.ts';
import { MqttConfig } from './mqtt/config.ts';

const text = (description: string, rest: object = {}) => Type.String({ description, ...rest });
const integer = (description: string, rest: object) => Type.Integer({ description, ...rest });

/** Version of the config that this software writes; earlier ones are read too (`migrate.ts`). */
export const boxConfigVersion = 2;

/** Config of one box: `quaywatch edge --config FILE` (YAML or JSON). */
export const BoxConfig = Type.Object(
  {
    version: integer('Version of this form; one that is absent is 1.', {
      default: boxConfigVersion,
      minimum: boxConfigVersion,
      maximum: boxConfigVersion,
    }),
    name: text('Label of the box; its id is minted at enrolment.'),
    site: text('Site, for a box that runs without a hub; enrolment overrides it.', { default: 'local' }),
    data: text('Folder for everything that the box keeps.'),
    enrolment: Type.Optional(
      text('File with a one-time enrolment token, mode 0600; needed until the box is enrolled.'),
    ),
    broker: Type.Optional(
      Type.Object(
        { listen: text('Where devices publish, host:port.', { default: '127.0.0.1:1883' }) },
        {
          description: "The box's own MQTT broker for its devices; absent: none.",
          additionalProperties: false,
        },
      ),
    ),
    http: text('Health and metrics, host:port.', { default: '127.0.0.1:9110' }),
    kafka: Type.Optional(KafkaConfig),
    mqtt: Type.Optional(MqttConfig),
    flows: Type.Array(Type.String(), {
      description: 'Flow documents (files) that run until the hub sends a release.',
      default: [],
    }),
    fenceSets: Type.Record(Type.String(), Type.String(), {
      description: 'Fence sets by name: GeoJSON files, until the hub sends others.',
      default: {},
    }),
    secrets: Type.Optional(text('Folder with one file a secret, mode 0600; never in flows or releases.')),
    outbox: Type.Object(
      {
        maxBytes: integer('Disk budget of the outbox, bytes.', {
          default: 2_000_000_000,
          minimum: 1_000_000,
        }),
        reserveBytes: integer(
          'Room on the disk that is taken at the first start and given up when others have filled the disk, bytes.',
          { default: 16_000_000, minimum: 0 },
        ),
        stopFreeBytes: integer(
          'Free space of the disk below which the outbox grows no more for what may be dropped, bytes.',
          { default: 100_000_000, minimum: 0 },
        ),
        resumeFreeBytes: integer('Free space of the disk above which it grows again, bytes.', {
          default: 150_000_000,
          minimum: 0,
        }),
        groupMs: integer('Longest wait before a group is committed, ms.', {
          default: 10,
          minimum: 0,
          maximum: 1000,
        }),
        groupMessages: integer('Messages after which a group is committed at once.', {
          default: 2000,
          minimum: 1,
        }),
      },
      { description: 'Events on disk until the hub has them.', default: {}, additionalProperties: false },
    ),
    uplink: Type.Object(
      {
        maxKbps: Type.Optional(
          Type.Number({
            description:
              'Most that events and reports take of the link, kilobits a second; alarms do not wait for it.',
            minimum: 8,
          }),
        ),
        compress: Type.Boolean({
          description: 'Batches go compressed: less on a thin or dear link, for some work of the processor.',
          default: false,
        }),
      },
      { description: 'What the link to the hub may take.', default: {}, additionalProperties: false },
    ),
    models: Type.Object(
      {
        folders: Type.Array(Type.String(), {
          description:
            'Folders with bundles of models, each in a folder of its own; none: the box runs no model.',
          default: [],
        }),
        allowUnsigned: Type.Boolean({
          description: 'Runs bundles that no hub has signed too; what they find says so.',
          default: false,
        }),
        providers: Type.Array(Type.Enum(['tensorrt', 'cuda', 'webgpu', 'cpu']), {
          description:
            'What models run on, in the order in which it is tried; the CPU comes last in any case.',
          default: ['cpu'],
        }),
        workers: integer('Threads that run a model side by side.', { default: 1, minimum: 1, maximum: 64 }),
        threads: integer('Threads inside one run of a model.', { default: 1, minimum: 1, maximum: 64 }),
      },
      { description: 'Models that flows may use.', default: {}, additionalProperties: false },
    ),
    scans: Type.Object(
      {
        maxBytes: integer('Disk budget of scans, bytes; beyond, the oldest judged ones are given up.', {
          default: 20_000_000_000,
          minimum: 1_000_000,
        }),
        keepFreeBytes: integer('Free space of the disk that scans leave to everything else, bytes.', {
          default: 2_000_000_000,
          minimum: 0,
        }),
        days: Type.Number({
          description: 'Days after which a scan is given up even if there is room.',
          default: 30,
          exclusiveMinimum: 0,
        }),
        unjudgedHours: Type.Number({
          description: 'Hours for which a scan that nothing has judged is never given up.',
          default: 24,
          minimum: 0,
        }),
        memoryBytes: integer('Shared memory for the newest columns of scans, bytes.', {
          default: 64_000_000,
          minimum: 1_000_000,
        }),
        fetchBytesPerSecond: integer(
          'Most that fetched scans and live strips together take of the link, bytes a second.',
          { default: 2_000_000, minimum: 1000 },
        ),
      },
      { description: 'Scans on disk and on their way.', default: {}, additionalProperties: false },
    ),
    recovery: Type.Object(
      {
        crashes: integer(
          'Ends of the box in a row, each before a device was heard, after which a release gives way to the last healthy one; 0: never.',
          { default: 3, minimum: 0 },
        ),
        crashesPerHour: integer(
          'Ends of the box within an hour, each after a device was heard, after which a release gives way to the last healthy one; 0: never.',
          { default: 5, minimum: 0 },
        ),
        hangSeconds: integer(
          'Seconds without any work of the process after which it ends itself to be started anew; 0: never.',
          { default: 40, minimum: 0, maximum: 3600 },
        ),
      },
      {
        description: 'What the box does when it ends again and again.',
        default: {},
        additionalProperties: false,
      },
    ),
    machine: MachineConfig,
  },
  { description: 'Config of one box.', additionalProperties: false },
);
export type BoxConfig = Static<typeof BoxConfig>;
