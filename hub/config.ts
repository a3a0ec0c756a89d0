import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { KafkaConfig } from '#firmware-config/kafka/config';
import { MqttConfig } from '#firmware-config/mqtt/config';
import { faults } from './faults.ts';

const text = (description: string, rest: object = {}) => Type.String({ description, ...rest });
const closed = { additionalProperties: false };

const Site = Type.Object(
  {
    id: text('Id of the site.', { pattern: '^[a-z][a-z0-9-]*$' }),
    name: text('Name as people say it.'),
  },
  { description: 'A site.', ...closed },
);

const EnrolmentFile = Type.Object(
  {
    name: text('Label of the box that may enrol with it.'),
    site: text('Site of the box.'),
    file: text('Where the token is written, mode 0600, while no box of that name is enrolled.'),
  },
  { description: 'A token that is made at start.', ...closed },
);

/** Config of the hub: `quaywatch hub --config FILE` (YAML or JSON). Paths are relative to the file. */
export const HubConfig = Type.Object(
  {
    name: text('Name of the hub, shown on every screen.', { default: 'Quaywatch' }),
    number: Type.Integer({
      description:
        'Number of this hub among those that share a store: its own events carry box hub-<number>.',
      default: 1,
      minimum: 1,
    }),
    data: text('Folder for everything that the hub keeps.'),
    keys: Type.Optional(
      text(
        'Folder with the keys and the CA; hubs that share a store have the same. Absent: keys in the data folder.',
      ),
    ),
    http: text('Screen and API, host:port. Put a TLS proxy in front to serve other machines.', {
      default: '127.0.0.1:8080',
    }),
    broker: text('Where boxes connect by MQTT over mutual TLS, host:port.', { default: '127.0.0.1:8883' }),
    enrolment: text('Where boxes enrol by HTTPS, host:port.', { default: '127.0.0.1:8884' }),
    metrics: Type.Optional(
      text(
        'Where Prometheus reads /metrics without signing in, host:port. Absent: only at the screen, from this machine or signed in.',
      ),
    ),
    hostnames: Type.Array(Type.String(), {
      description:
        'Names and addresses by which boxes reach the hub; the first one is told to them. Empty: the host of the listening address.',
      default: [],
    }),
    sites: Type.Array(Site, { description: 'Sites of the port.', default: [] }),
    enrolments: Type.Array(EnrolmentFile, {
      description: 'Enrolment tokens to have ready in files.',
      default: [],
    }),
    sessionHours: Type.Number({
      description: 'Hours after which a person signs in again.',
      default: 12,
      exclusiveMinimum: 0,
      maximum: 168,
    }),
    store: Type.Object(
      {
        postgres: Type.Optional(
          text(
            'Address of a PostgreSQL database for all records, postgres://user@host:port/name; several hubs may share it. Absent: SQLite in the data folder. A password is better left to ~/.pgpass or PGPASSWORD.',
            { pattern: '^postgres(ql)?://' },
          ),
        ),
      },
      { description: 'Where records are kept.', default: {}, ...closed },
    ),
    series: Type.Object(
      {
        influx: Type.Optional(
          text('Address of InfluxDB 1.x for time series, http://user@host:port/database. Absent: SQLite.', {
            pattern: '^https?://',
          }),
        ),
        pointDays: Type.Number({
          description: 'Days for which every point is kept.',
          default: 30,
          minimum: 1,
        }),
        minuteDays: Type.Number({
          description: 'Days for which minutes (count, mean, least, most) are kept.',
          default: 400,
          minimum: 1,
        }),
      },
      { description: 'Time series of readings, speeds and the health of boxes.', default: {}, ...closed },
    ),
    kafka: Type.Optional(KafkaConfig),
    mqtt: Type.Optional(MqttConfig),
    flows: Type.Array(Type.String(), {
      description:
        'Files of flows that the hub runs over stored events. At start each is put into force that does not run yet, or runs in an earlier version; fence sets lie beside them as NAME.geojson, or are those of the hub.',
      default: [],
    }),
    scans: Type.Object(
      {
        maxBytes: Type.Integer({
          description: 'Disk budget of scan files, bytes; beyond, the oldest are given up.',
          default: 50_000_000_000,
          minimum: 1_000_000,
        }),
        keepFreeBytes: Type.Integer({
          description: 'Free space of the disk that scan files leave to everything else, bytes.',
          default: 2_000_000_000,
          minimum: 0,
        }),
        days: Type.Number({
          description: 'Days after which the file of a scan is given up.',
          default: 90,
          exclusiveMinimum: 0,
        }),
        maxScanBytes: Type.Integer({
          description: 'A larger file is never fetched, bytes.',
          default: 1_000_000_000,
          minimum: 1_000_000,
        }),
        fetch: Type.Enum(['all', 'asked'], {
          description: 'Fetch the file of every scan in the background, or only what somebody asks for.',
          default: 'all',
        }),
      },
      { description: 'Files of scans at the hub.', default: {}, ...closed },
    ),
    map: Type.Optional(
      Type.Object(
        {
          port: Type.Optional(text("GeoJSON file with the port's own drawn layers.")),
          fences: Type.Optional(text('GeoJSON file with the fences in force.')),
        },
        { description: 'First content of the map; what is stored later wins.', ...closed },
      ),
    ),
  },
  { description: 'Config of the hub.', ...closed },
);
export type HubConfig = Static<typeof HubConfig>;

/** Reads, checks and completes a config; relative paths become absolute. Throws `hub.config`. */
export async function readHubConfig(file: string): Promise<HubConfig> {
  const wrong = (detail: string, at = file) => faults.fault('hub.config', { detail }, at);
  const content = await readFile(file, 'utf8').catch((error: Error) => {
    throw wrong(error.message);
  });
  let raw: unknown;
  try {
    raw = parse(content, { maxAliasCount: 0 });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  const value = Value.Default(HubConfig, raw);
  if (!Value.Check(HubConfig, value)) {
    const first = Value.Errors(HubConfig, value)[0];
    throw wrong(first?.message ?? 'it does not fit the schema', `${file}${first?.instancePath ?? ''}`);
  }
  return absolute(value, dirname(resolve(file)));
}

function absolute(config: HubConfig, base: string): HubConfig {
  const { map } = config;
  return {
    ...config,
    data: resolve(base, config.data),
    ...(config.keys !== undefined && { keys: resolve(base, config.keys) }),
    flows: config.flows.map((file) => resolve(base, file)),
    enrolments: config.enrolments.map((row) => ({ ...row, file: resolve(base, row.file) })),
    ...(map && {
      map: {
        ...(map.port !== undefined && { port: resolve(base, map.port) }),
        ...(map.fences !== undefined && { fences: resolve(base, map.fences) }),
      },
    }),
  };
}

/** `host:port`, IPv6 in brackets. Throws `hub.config`. */
export function parseAddress(address: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (!match || port > 65535) throw faults.fault('hub.config', { detail: `${address} is no host:port` });
  return { host: match[1] ?? match[2] ?? '', port };
}
