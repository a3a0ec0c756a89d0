import type { BoxConfig } from '../../box.ts';
import { places } from '../places.ts';

/** Devices that a box may open beside the harmless ones; all else under /dev is not there for it. */
const serialDevices = ['char-ttyS', 'char-ttyUSB', 'char-ttyACM', 'char-video4linux'];
const gpuDevices = ['char-nvidia-frontend', 'char-nvidia', 'char-nvidia-uvm', 'char-nvidiactl'];

/** Without a sign of progress for this long the box is ended and started anew, s. */
export const watchdogSeconds = 60;

/**
 * The unit of the box. It is ready when the box says so, and alive while data gets through: the process sends both
 * (`edge/watchdog.ts`). It is started anew for ever: a box that systemd has given up on is no box.
 */
export function boxUnit(config: BoxConfig, configFile: string, folders: readonly string[]): string {
  const { user, gpu } = config.machine;
  const devices = [...serialDevices, ...(gpu === 'nvidia' ? gpuDevices : [])];
  return `# Written by quaywatch provision.
[Unit]
Description=Quaywatch box
Documentation=man:systemd.exec(5)
After=local-fs.target network.target nftables.service chrony.service
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=all
User=${user}
Group=${user}
SupplementaryGroups=dialout video${gpu === 'nvidia' ? ' render' : ''}
ExecStartPre=+${places.slotGuard} boot
ExecStart=/usr/bin/node ${places.current}/dist/quaywatch.js edge --config ${configFile}
WorkingDirectory=${config.data}
Restart=always
RestartSec=2
TimeoutStartSec=180
TimeoutStopSec=30
WatchdogSec=${watchdogSeconds}
UMask=0077
LimitNOFILE=65536
OOMPolicy=stop
OOMScoreAdjust=-500

# What the process may reach.
${folders.map((folder) => `ReadWritePaths=${folder}`).join('\n')}
ProtectSystem=strict
ProtectHome=true
PrivateTmp=true
DevicePolicy=closed
${devices.map((device) => `DeviceAllow=${device} rw`).join('\n')}
NoNewPrivileges=true
CapabilityBoundingSet=
AmbientCapabilities=
ProtectClock=true
ProtectControlGroups=true
ProtectHostname=true
ProtectKernelLogs=true
ProtectKernelModules=true
ProtectKernelTunables=true
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
RemoveIPC=true
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

/** Once a minute the guard counts how long a new version has been on trial, whatever the clock says. */
export const slotsUnit = (): string => `# Written by quaywatch provision.
[Unit]
Description=Takes a Quaywatch version back that does not become healthy

[Service]
Type=oneshot
ExecStart=${places.slotGuard} tick
ProtectSystem=strict
ReadWritePaths=${places.software}
ProtectHome=true
PrivateTmp=true
PrivateNetwork=true
NoNewPrivileges=true
CapabilityBoundingSet=CAP_DAC_READ_SEARCH
RestrictAddressFamilies=AF_UNIX
RestrictNamespaces=true
LockPersonality=true
MemoryDenyWriteExecute=true
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectKernelLogs=true
ProtectControlGroups=true
SystemCallArchitectures=native
SystemCallFilter=@system-service
`;

export const slotsTimer = (): string => `# Written by quaywatch provision.
[Unit]
Description=Watches a Quaywatch version that is on trial

[Timer]
OnBootSec=60
OnUnitActiveSec=60
AccuracySec=5

[Install]
WantedBy=timers.target
`;
