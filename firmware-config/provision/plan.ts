import { parseAddress } from '../address.ts';
import type { BoxConfig } from '../box.ts';
import { slotGuard } from '../slots/guard.ts';
import { places } from './places.ts';
import { firewall, type Opening } from './render/firewall.ts';
import * as system from './render/system.ts';
import { boxUnit, slotsTimer, slotsUnit } from './render/unit.ts';
import type { Plan, Step } from './step.ts';

export interface PlanInput {
  /** With every default filled in and paths that are whole. */
  readonly config: BoxConfig;
  /** Where the config lies on the box. */
  readonly configFile: string;
  /** Addresses, host:port, on which the flows of the config listen for devices. */
  readonly listens: readonly string[];
}

const units = '/etc/systemd/system';

/** What makes a bare Debian into the box that the config describes. The same config gives the same plan. */
export function makePlan({ config, configFile, listens }: PlanInput): Plan {
  const { machine, data } = config;
  const { user, serial, mosquitto } = machine;
  const folders = [data];
  const file = (id: string, why: string, path: string, content: string, more: object = {}): Step => ({
    kind: 'file',
    id,
    why,
    path,
    mode: 0o644,
    content,
    ...more,
  });
  const guard = slotGuard({
    software: places.software,
    healthy: `${data}/update/healthy`,
    restart: 'systemctl try-restart quaywatch-box.service',
  });
  const steps: Step[] = [
    {
      kind: 'packages',
      id: 'packages',
      why: 'What the box stands on; all of it is in Debian.',
      names: [
        ...['chrony', 'ffmpeg', 'nftables', 'nodejs', 'tar', 'udev', 'unattended-upgrades'],
        ...(mosquitto ? ['mosquitto'] : []),
      ].sort(),
    },
    file(
      'user',
      'The box runs as a user that may nothing else.',
      '/usr/lib/sysusers.d/quaywatch.conf',
      system.users(user, data),
    ),
    {
      kind: 'run',
      id: 'make user',
      why: 'Makes the user.',
      program: 'systemd-sysusers',
      args: [],
      rootOption: '--root=',
      after: ['user'],
    },
    folder(
      'config folder',
      'Config, token and secrets; of root, read by the box.',
      places.config,
      0o750,
      `root:${user}`,
    ),
    folder('data folder', 'Everything that the box keeps.', data, 0o700, `${user}:${user}`),
    folder(
      'software folder',
      'Both slots; the box cannot change its own software.',
      places.software,
      0o755,
      'root:root',
    ),
    ...reserve(machine.reserveBytes, data),
    file(
      'slot guard',
      'Decides before every start which version runs; no version can break it.',
      places.slotGuard,
      guard,
      {
        mode: 0o755,
        check: { program: 'sh', args: ['-n', '{file}'] },
      },
    ),
    file(
      'box unit',
      'Starts the box, restarts it when no data gets through, and shuts it in.',
      `${units}/quaywatch-box.service`,
      boxUnit(config, configFile, folders),
    ),
    file(
      'slots unit',
      'Takes back a version that does not become healthy.',
      `${units}/quaywatch-slots.service`,
      slotsUnit(),
    ),
    file('slots timer', 'Once a minute.', `${units}/quaywatch-slots.timer`, slotsTimer()),
    file(
      'hardware watchdog',
      'Resets a machine that stands still.',
      '/etc/systemd/system.conf.d/quaywatch.conf',
      system.hardwareWatchdog(),
    ),
    file(
      'journal',
      'The journal of the system never fills the disk.',
      '/etc/systemd/journald.conf.d/quaywatch.conf',
      system.journald(machine.journalBytes),
    ),
    file(
      'serial names',
      'Serial lines are found by where they are plugged in.',
      '/etc/udev/rules.d/70-quaywatch.rules',
      system.serialRules(serial, 'dialout'),
    ),
    file(
      'firewall',
      'Nobody comes in but on the ports of the config.',
      '/etc/nftables.conf',
      firewall(openings(config, listens)),
      {
        mode: 0o755,
        check: { program: 'nft', args: ['-c', '-f', '{file}'] },
      },
    ),
    file(
      'time',
      'Keeps the clock, and says by how much it is off.',
      '/etc/chrony/chrony.conf',
      system.chrony(machine.timeServers),
      {
        check: { program: 'chronyd', args: ['-p', '-f', '{file}'] },
      },
    ),
    file(
      'updates of Debian',
      'Security updates by themselves; a restart in its window alone.',
      '/etc/apt/apt.conf.d/52quaywatch',
      system.unattended(machine.rebootAt),
      {
        check: { program: 'apt-config', args: ['-c', '{file}', 'dump'] },
      },
    ),
    ...(mosquitto
      ? [
          file(
            'mosquitto',
            'A broker of its own for devices that want one.',
            '/etc/mosquitto/conf.d/quaywatch.conf',
            system.mosquitto(mosquitto),
          ),
        ]
      : []),
    ...reloads(mosquitto !== undefined),
  ];
  if (machine.gpu === 'nvidia') {
    steps.push({
      kind: 'look',
      id: 'graphics driver',
      why: 'Models run on the card only with a driver that fits.',
      program: 'nvidia-smi',
      args: ['--query-gpu=name,driver_version', '--format=csv,noheader'],
      help: 'Install the driver as docs/gpu.md says; until then models run on the CPU.',
    });
  }
  return { steps };
}

const folder = (id: string, why: string, path: string, mode: number, owner: string): Step => ({
  kind: 'folder',
  id,
  why,
  path,
  mode,
  owner,
});

const reserve = (bytes: number, data: string): Step[] =>
  bytes === 0
    ? []
    : [
        {
          kind: 'reserve',
          id: 'disk reserve',
          why: 'Room that nothing else takes: deleted by hand when the disk is full, it lets the box start.',
          path: `${data}/reserve`,
          bytes,
          owner: 'root:root',
        },
      ];

/** What has to hear of changed files. Order counts: units before the services that they name. */
function reloads(withMosquitto: boolean): Step[] {
  const run = (id: string, why: string, args: string[], after?: string[], program = 'systemctl'): Step => ({
    kind: 'run',
    id,
    why,
    program,
    args,
    ...(after ? { after } : {}),
  });
  const ours = ['box unit', 'slots unit', 'slots timer', 'hardware watchdog'];
  return [
    run('reload units', 'The units are read.', ['daemon-reload'], ours),
    run('reload journal', 'The journal takes its limit.', ['restart', 'systemd-journald'], ['journal']),
    run('reload udev', 'Names of serial lines.', ['control', '--reload'], ['serial names'], 'udevadm'),
    run(
      'name serial lines',
      'Those that are plugged in already.',
      ['trigger', '--subsystem-match=tty'],
      ['serial names'],
      'udevadm',
    ),
    run('raise firewall', 'At once, and at every start.', ['restart', 'nftables'], ['firewall']),
    run('keep time', 'With the servers of the config.', ['restart', 'chrony'], ['time']),
    ...(withMosquitto
      ? [run('start mosquitto', 'With the config of the box.', ['restart', 'mosquitto'], ['mosquitto'])]
      : []),
    {
      kind: 'run',
      id: 'enable units',
      why: 'The box starts with the machine.',
      program: 'systemctl',
      args: ['enable', '--quiet', 'quaywatch-box.service', 'quaywatch-slots.timer'],
      rootOption: '--root=',
      after: ours,
    },
  ];
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.');

/** Ports that somebody outside is to reach, each once, in order. */
export function openings({ machine, broker, http }: BoxConfig, listens: readonly string[]): Opening[] {
  const named: [string | undefined, string][] = [
    [http, 'health and metrics'],
    [broker?.listen, 'devices at the own broker'],
    [machine.mosquitto?.listen, 'devices at mosquitto'],
    ...listens.map((address): [string, string] => [address, 'devices of a flow']),
  ];
  const found = named.flatMap(([text, what]): Opening[] => {
    const address = text === undefined ? undefined : parseAddress(text);
    if (!address || address.port === 0 || isLoopback(address.host)) return [];
    return [{ port: address.port, protocol: 'tcp', what }];
  });
  const all: Opening[] = [...found, ...machine.ports];
  const key = ({ port, protocol, from }: Opening) => `${protocol} ${port} ${from ?? ''}`;
  return [...new Map(all.map((opening) => [key(opening), opening])).values()].sort(
    (a, b) => a.port - b.port || key(a).localeCompare(key(b)),
  );
}
