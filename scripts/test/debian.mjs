import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { which } from '../setup/paths.mjs';
import { Refusal, say } from '../setup/refusal.mjs';
import { run } from '../setup/run.mjs';

/** Programs that tests run for real, the packages that carry them, and what cannot be shown without. */
export const testTools = [
  {
    program: 'chromium',
    packages: ['chromium', 'fonts-dejavu-core'],
    without: 'the end-to-end tests in the browser',
  },
  { program: 'chronyd', packages: ['chrony'], without: 'the check of the config for chrony' },
  { program: 'ffmpeg', packages: ['ffmpeg'], without: 'tests of cameras' },
  { program: 'mosquitto', packages: ['mosquitto'], without: 'tests against a real MQTT broker' },
  { program: 'influxd', packages: ['influxdb'], without: 'tests of time series in InfluxDB' },
  {
    program: 'pg_ctlcluster',
    packages: ['postgresql'],
    without: 'tests of the store in PostgreSQL and of several hubs',
  },
  { program: 'promtool', packages: ['prometheus'], without: 'the check of the alert rules' },
  { program: 'nft', packages: ['nftables'], without: 'the check of the firewall rules' },
  { program: 'socat', packages: ['socat'], without: 'tests over pseudo-terminals (serial lines)' },
  { program: 'udevadm', packages: ['udev'], without: 'tests that list serial ports' },
];

export const missingTestTools = () => testTools.filter(({ program }) => !which(program));

/**
 * Installs what is missing where it may (root, apt-get), and says what is not tested where it may not.
 * @returns {Promise<typeof testTools>} what is still missing
 */
export async function installTestTools() {
  const missing = missingTestTools();
  const apt = which('apt-get');
  if (missing.length > 0 && apt && process.getuid?.() === 0)
    await aptInstall(
      apt,
      missing.flatMap(({ packages }) => packages),
    );
  const still = missingTestTools();
  for (const { program, packages, without } of still) {
    say(
      `${program} is not installed, so ${without} are skipped (\`apt-get install ${packages.join(' ')}\`).`,
    );
  }
  return still;
}

/** Packages with a service of their own, which no test wants. */
const servers = ['influxdb', 'mosquitto', 'postgresql', 'prometheus'];
const policy = '/usr/sbin/policy-rc.d';

/**
 * @param {string} apt
 * @param {readonly string[]} packages
 */
async function aptInstall(apt, packages) {
  say(`Installing ${packages.join(', ')} …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // Debian starts a server as it installs it; tests start their own, on ports and folders of their own.
  const ownPolicy = !existsSync(policy);
  if (ownPolicy) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await run('list of Debian packages', apt, ['update'], { env });
    await run('Debian packages', apt, ['install', '-y', '--no-install-recommends', ...packages], { env });
    const systemctl = which('systemctl');
    for (const server of servers)
      if (systemctl && packages.includes(server)) await run(server, systemctl, ['disable', server], { env });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(`apt-get could not install them: ${error.message}`); // what is missing is said by the caller
  } finally {
    if (ownPolicy) rmSync(policy, { force: true });
  }
}
