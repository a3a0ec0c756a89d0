import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Command, UsageError } from '#firmware-config/command';
import { nativeSigner, nativeVerifier } from '#firmware-config/ed25519';
import { faults } from '#firmware-config/faults';
import { places } from '#firmware-config/provision/places';
import { maxMinutes, maxStarts } from '#firmware-config/slots/guard';
import { install, rollBack } from '#firmware-config/slots/install';
import { readSlots, slots } from '#firmware-config/slots/layout';
import { manifestId } from '#firmware-config/slots/manifest';
import { pack } from '#firmware-config/slots/pack';
import { fromBase64 } from '#flows/trust/sign';
import { loadConfig } from '../config.ts';
import { detailOf } from '../files.ts';
import { IdentityStore } from '../identity.ts';
import { softwareVersion } from '../version.ts';
import { parseCall } from './parse-call.ts';

const options = {
  config: { type: 'string' },
  software: { type: 'string' },
  'release-key': { type: 'string' },
  'allow-older': { type: 'boolean' },
  key: { type: 'string' },
  version: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** 32 bytes, as they are or as base64. */
function keyIn(file: string): Uint8Array {
  try {
    const bytes = readFileSync(file);
    const key = bytes.length === 32 ? bytes : fromBase64(bytes.toString('utf8').trim());
    if (key?.length === 32) return key;
    throw new TypeError('it has not 32 bytes');
  } catch (error) {
    throw faults.fault('update.key', { detail: detailOf(error) }, file, error);
  }
}

/** The key of the hub that the box is enrolled at, or the one that is named. */
function releaseKeyOf(file: string | undefined, configFile: string): Uint8Array {
  if (file !== undefined) return keyIn(file);
  const known = new IdentityStore(loadConfig(configFile).data).read()?.hub?.releaseKey;
  const key = known === undefined ? undefined : fromBase64(known);
  if (!key) throw faults.fault('update.key', { detail: 'the box is not enrolled' });
  return key;
}

interface Shown {
  readonly running: string | undefined;
  readonly slots: readonly { slot: string; version: string | undefined; state: string }[];
  readonly fallen?: { readonly version: string | undefined; readonly why: string };
}

/** What stands in the slots. */
function statusOf(software: string): Shown {
  const { running, trial, versions, fallen } = readSlots(software);
  const stateOf = (slot: string): string => {
    if (slot !== running) return 'waits';
    return trial?.slot === slot
      ? `runs on trial: start ${trial.starts} of ${maxStarts}, minute ${trial.minutes} of ${maxMinutes}`
      : 'runs, confirmed';
  };
  const shown = slots.map((slot) => ({ slot, version: versions[slot]?.version, state: stateOf(slot) }));
  const of = slots
    .map((slot) => versions[slot])
    .find((manifest) => manifest && manifestId(manifest) === fallen?.id);
  return { running, slots: shown, ...(fallen ? { fallen: { version: of?.version, why: fallen.why } } : {}) };
}

const why: Readonly<Record<string, string>> = {
  starts: `it was started ${maxStarts} times without becoming healthy`,
  minutes: `it ran ${maxMinutes} minutes without becoming healthy`,
  damaged: 'its slot was damaged',
};

function describe({ slots: shown, fallen }: Shown): string {
  const lines = shown.map(
    ({ slot, version, state }) => `${slot}  ${version ?? '-'}  ${version ? state : 'empty'}`,
  );
  if (fallen)
    lines.push(
      `Version ${fallen.version ?? '(replaced since)'} was taken back: ${why[fallen.why] ?? fallen.why}.`,
    );
  return `${lines.join('\n')}\n`;
}

/** `quaywatch update`: versions of the software in two slots. */
export const command: Command = {
  name: 'update',
  summary: 'Installs a signed version of the software beside the one that runs, shows both, or goes back.',
  usage:
    'update install FILE [--config FILE] [--release-key FILE] [--allow-older] [--software DIR] | update status [--software DIR] [--json] | update rollback [--software DIR] | update pack FOLDER --key FILE --out FILE [--version V]',
  async run(args, io) {
    const { values, positionals } = parseCall(() => parseArgs({ args, options, allowPositionals: true }));
    const [verb, target] = positionals;
    const software = values.software ?? places.software;
    if (verb === 'status') {
      const shown = statusOf(software);
      io.stdout.write(values.json ? `${JSON.stringify(shown)}\n` : describe(shown));
      return shown.running === undefined ? 1 : 0;
    }
    if (verb === 'rollback') {
      const slot = rollBack(software);
      io.stderr.write(`Slot ${slot} runs from the next start on: systemctl restart quaywatch-box\n`);
      return 0;
    }
    if (verb === 'install' && target !== undefined) {
      const key = releaseKeyOf(values['release-key'], values.config ?? `${places.config}/box.yaml`);
      const allowOlder = values['allow-older'] ?? false;
      const { slot, manifest } = install(target, { software, signedBy: nativeVerifier(key), allowOlder });
      const next = 'it runs on trial from the next start on: systemctl restart quaywatch-box';
      io.stderr.write(`Version ${manifest.version} is in slot ${slot}; ${next}\n`);
      return 0;
    }
    if (verb === 'pack' && target !== undefined) {
      if (!values.key || !values.out)
        throw new UsageError('Packing needs --key FILE (the release key) and --out FILE.');
      const version = values.version ?? softwareVersion();
      const { files } = pack(target, version, nativeSigner(keyIn(values.key)), values.out);
      io.stderr.write(`Version ${version}: ${files.length} files in ${values.out}\n`);
      return 0;
    }
    throw new UsageError('Say what: install FILE, status, rollback or pack FOLDER.');
  },
};
