/** What one folder may import. Patterns end in `/*` for all that is below. */
export interface FolderRule {
  /** Of our folders, beside itself. */
  readonly ours: readonly string[];
  /** Of our folders, as types alone. */
  readonly types?: readonly string[];
  /** Third parties: a short list, each with a reason to be there. */
  readonly packages: readonly string[];
  /** Node's own modules. */
  readonly node: boolean;
  /** Files that configure a tool and are no part of the product. */
  readonly tools?: (path: string) => boolean;
}

/** What only drivers/transport imports of all drivers: the seam to the outside. */
export const transports = [
  'serialport',
  '@serialport/bindings-cpp',
  'mqtt',
  'mqtt-packet',
  'modbus-serial',
  'node:child_process',
  'node:dgram',
  'node:http',
  'node:net',
  'node:tls',
];

/** The arrows between the folders. */
export const folderRules: Readonly<Record<string, FolderRule>> = {
  flows: {
    ours: [],
    packages: [
      '@marcbachmann/cel-js',
      '@noble/curves',
      '@noble/hashes',
      '@scure/base',
      'flatbush',
      'gcoord',
      're2js',
      'robust-predicates',
      'rxjs',
      'typebox',
      'yaml',
    ],
    node: false,
  },
  drivers: {
    ours: ['flows/*'],
    packages: ['dicom-parser', 'saxes', 'typebox', ...transports],
    node: true,
  },
  models: {
    ours: ['flows/*'],
    packages: ['@tensorflow/*', 'onnxruntime-node', 'sharp', 'typebox', 'yaml'],
    node: true,
  },
  'firmware-config': {
    ours: ['flows/*', 'drivers/registry', 'models/*'],
    types: ['drivers/driver'],
    packages: ['better-sqlite3', 'typebox'],
    node: true,
  },
  edge: {
    ours: ['flows/*', 'drivers/*', 'models/*', 'firmware-config/*'],
    packages: [
      '@peculiar/x509',
      'aedes',
      'better-sqlite3',
      'mqtt',
      'mqtt-packet',
      'prom-client',
      'reflect-metadata',
      'saxes',
      'sharp',
      'typebox',
      'yaml',
    ],
    node: true,
  },
  hub: {
    ours: ['flows/*', 'drivers/registry', 'models/*', 'firmware-config/*'],
    types: ['drivers/command', 'drivers/driver'],
    packages: [
      '@fastify/*',
      '@node-rs/argon2',
      '@peculiar/x509',
      'aedes',
      'better-sqlite3',
      'fastify',
      'geojson',
      'influx',
      'mqtt',
      'mqtt-packet',
      'pg',
      'pino',
      'prom-client',
      'reflect-metadata',
      'typebox',
      'yaml',
    ],
    node: true,
  },
  'hub/web': {
    ours: [],
    types: ['hub/api/*'],
    packages: [
      'geojson',
      'maplibre-gl',
      'react',
      'react-dom',
      'topojson-client',
      'topojson-specification',
      'uplot',
      'world-atlas',
    ],
    node: false,
    tools: (path) => path === 'hub/web/vite.config.ts',
  },
  // What spans folders may use all of them; nothing of the product may use it but the benchmarks' command.
  test: {
    ours: ['flows/*', 'drivers/*', 'models/*', 'firmware-config/*', 'edge/*', 'hub/*', 'test/*'],
    packages: [],
    node: true,
    tools: () => true,
  },
  scripts: {
    ours: ['flows/*', 'drivers/*', 'models/*', 'firmware-config/*', 'edge/*', 'hub/*'],
    packages: ['reflect-metadata', 'sharp', 'vite', 'yaml'],
    node: true,
  },
};
