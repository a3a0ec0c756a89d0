import type { MachineConfig } from '../../machine.ts';

const head = '# Written by quaywatch provision.\n';

/** Lines by where they are plugged in: the order in which adapters come up is another each time. */
export const serialRules = (serial: MachineConfig['serial'], group: string): string =>
  head +
  serial
    .map(
      ({ name, path }) =>
        `SUBSYSTEM=="tty", ENV{ID_PATH}=="${path}", SYMLINK+="quaywatch/${name}", GROUP="${group}", MODE="0660"\n`,
    )
    .join('');

/**
 * A step of the clock is allowed only in the first three updates after the start, then it is slewed: the box's own clock
 * does not go back, and what was measured before says by how much it was off.
 */
export const chrony = (servers: readonly string[]): string => `${head}${servers
  .map((server) => `server ${server} iburst\n`)
  .join('')}driftfile /var/lib/chrony/chrony.drift
ntsdumpdir /var/lib/chrony
makestep 1.0 3
rtcsync
leapsectz right/UTC
logdir /var/log/chrony
# Asked by the box and by quaywatch doctor; nobody from outside.
cmdport 323
bindcmdaddress 127.0.0.1
port 0
`;

export const journald = (bytes: number): string => `${head}[Journal]
Storage=persistent
SystemMaxUse=${Math.round(bytes / 1_000_000)}M
RateLimitIntervalSec=30s
RateLimitBurst=2000
`;

/** Debian's own updates of security, and when the machine may restart for them. */
export const unattended = (rebootAt: string | undefined): string => `// Written by quaywatch provision.
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Origins-Pattern { "origin=Debian,codename=\${distro_codename}-security,label=Debian-Security"; };
Unattended-Upgrade::Automatic-Reboot "${rebootAt === undefined ? 'false' : 'true'}";
Unattended-Upgrade::Automatic-Reboot-WithUsers "true";
${rebootAt === undefined ? '' : `Unattended-Upgrade::Automatic-Reboot-Time "${rebootAt}";\n`}`;

/** The hardware watchdog resets a machine on which even systemd no longer runs. */
export const hardwareWatchdog = (): string => `${head}[Manager]
RuntimeWatchdogSec=60s
RebootWatchdogSec=10min
`;

/** The user of the box: no shell, no home of its own beyond its data. */
export const users = (user: string, data: string): string =>
  `${head}u ${user} - "Quaywatch box" ${data} /usr/sbin/nologin\nm ${user} dialout\nm ${user} video\n`;

/**
 * A broker that keeps what the box has not taken: the box acknowledges after its own commit, on a persistent session.
 * No connection without a name and password.
 */
export function mosquitto({ listen, passwords }: NonNullable<MachineConfig['mosquitto']>): string {
  const colon = listen.lastIndexOf(':');
  const host = listen.slice(0, colon).replace(/^\[|\]$/g, '');
  return `${head}listener ${listen.slice(colon + 1)} ${host}
allow_anonymous false
password_file ${passwords}
persistence true
persistence_location /var/lib/mosquitto/
autosave_interval 30
max_inflight_messages 1000
max_queued_messages 100000
max_queued_bytes 100000000
persistent_client_expiration 14d
log_dest syslog
`;
}
