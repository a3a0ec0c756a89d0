import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import type { Command } from '#firmware-config/command';
import { applianceChecks } from '#firmware-config/doctor/appliance';
import { examine, type Finding } from '#firmware-config/doctor/check';
import { machineChecks } from '#firmware-config/doctor/machine';
import { certificates, databases, reachable, secrets } from '#firmware-config/doctor/place';
import { loadConfig } from '../config.ts';

const marks = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

const line = (finding: Finding): string =>
  `${marks[finding.state]}  ${finding.check}: ${finding.detail}${finding.help ? `\n      ${finding.help}` : ''}`;

/** What a config of a box or a hub says of places to look at. */
async function places(
  file: string,
): Promise<{ data?: string; machine?: boolean; addresses: [string, string][] }> {
  const config: unknown = parse(await readFile(file, 'utf8'));
  if (typeof config !== 'object' || config === null) throw new Error(`${file} holds no config.`);
  const fields = config as Record<string, unknown>;
  const address = (name: string): [string, string][] => {
    const value = fields[name];
    const listen =
      typeof value === 'object' && value !== null ? (value as { listen?: unknown }).listen : value;
    return typeof listen === 'string' ? [[name, listen]] : [];
  };
  const addresses = [...address('http'), ...address('broker'), ...address('enrolment')].filter(([, a]) =>
    /:\d+$/.test(a),
  );
  const machine = 'machine' in fields;
  return { ...(typeof fields.data === 'string' ? { data: fields.data } : {}), machine, addresses };
}

/** `quaywatch doctor`: looks at this machine, and at a box or hub when its config is named. */
export const command: Command = {
  name: 'doctor',
  summary: 'Says what is wrong with this machine, box or hub, and what to do.',
  usage: 'doctor [--config FILE] [--data DIR] [--json]',
  async run(args, io) {
    const { values } = parseArgs({
      args,
      options: { config: { type: 'string' }, data: { type: 'string' }, json: { type: 'boolean' } },
    });
    const named = values.config ? await places(values.config) : { machine: false, addresses: [] };
    const data = values.data ?? named.data ?? 'data';
    const appliance =
      values.config && named.machine ? applianceChecks({ config: loadConfig(values.config) }) : {};
    const findings = await examine({
      ...machineChecks(data),
      ...appliance,
      databases: databases(data),
      certificates: certificates(data),
      secrets: secrets(data),
      ...Object.fromEntries(named.addresses.map(([name, address]) => [name, reachable(name, address)])),
    });
    for (const finding of findings) {
      io.stdout.write(`${values.json ? JSON.stringify(finding) : line(finding)}\n`);
    }
    return findings.some((finding) => finding.state === 'fail') ? 1 : 0;
  },
};
