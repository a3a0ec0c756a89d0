import { type Static, Type } from 'typebox';

const text = (description: string, rest: object = {}) => Type.String({ description, ...rest });
const integer = (description: string, rest: object) => Type.Integer({ description, ...rest });
const closed = { additionalProperties: false };

/** What a name in the file system, a unit or a rule may look like: nothing that any of them would read as more. */
const namePattern = '^[a-z][a-z0-9-]{0,30}$';
/** A host name, an IPv4 or an IPv6 address. */
const hostPattern = '^[0-9A-Za-z:.-]{1,253}$';

const SerialName = Type.Object(
  {
    name: text('Name of the line; it is found as /dev/quaywatch/NAME.', { pattern: namePattern }),
    path: text('Where it is plugged in: ID_PATH of `udevadm info /dev/ttyUSB0`.', {
      pattern: '^[0-9A-Za-z:._-]{1,200}$',
    }),
  },
  closed,
);

const OpenPort = Type.Object(
  {
    port: integer('Port on which others may come in.', { minimum: 1, maximum: 65_535 }),
    protocol: Type.Enum(['tcp', 'udp'], { description: 'Protocol of the port.', default: 'tcp' }),
    from: Type.Optional(
      text('Network that may, such as 10.4.0.0/16; absent: all.', {
        pattern: '^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$',
      }),
    ),
    what: text('Who comes in there, in words.', { default: 'devices', pattern: '^[^\\n"\\\\]{1,100}$' }),
  },
  closed,
);

/** The machine that the box is: `quaywatch provision` makes a bare Debian so, `quaywatch doctor` checks that it is. */
export const MachineConfig = Type.Object(
  {
    user: text('User that runs the box; made if it is not there.', {
      default: 'quaywatch',
      pattern: namePattern,
    }),
    serial: Type.Array(SerialName, {
      description: 'Serial lines by where they are plugged in.',
      default: [],
    }),
    ports: Type.Array(OpenPort, {
      description: 'Ports that are opened beside those that this config and its flows listen on.',
      default: [],
    }),
    mosquitto: Type.Optional(
      Type.Object(
        {
          listen: text('Where devices publish, host:port.', { default: '0.0.0.0:1883' }),
          passwords: text('File of mosquitto_passwd with the names and passwords of the devices.', {
            default: '/etc/mosquitto/quaywatch.passwords',
            pattern: '^/[^\\s"]+$',
          }),
        },
        {
          description:
            'A mosquitto for devices that want MQTT 5 or more than the own broker has; absent: none.',
          ...closed,
        },
      ),
    ),
    timeServers: Type.Array(Type.String({ pattern: hostPattern }), {
      description: "Time servers of chrony: the port's own first.",
      default: ['0.debian.pool.ntp.org', '1.debian.pool.ntp.org', '2.debian.pool.ntp.org'],
      minItems: 1,
    }),
    journalBytes: integer('Most that the journal of the system takes of the disk, bytes.', {
      default: 200_000_000,
      minimum: 10_000_000,
    }),
    reserveBytes: integer('Disk space that is taken at once and held back for an emergency, bytes.', {
      default: 500_000_000,
      minimum: 0,
    }),
    rebootAt: Type.Optional(
      text(
        'Time of day at which the machine restarts when an update of Debian wants it, HH:MM; absent: never by itself.',
        {
          pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
        },
      ),
    ),
    gpu: Type.Enum(['none', 'nvidia'], {
      description: 'The graphics card that models run on; its driver is checked, never installed.',
      default: 'none',
    }),
  },
  { description: 'The machine that the box runs on.', default: {}, ...closed },
);
export type MachineConfig = Static<typeof MachineConfig>;
