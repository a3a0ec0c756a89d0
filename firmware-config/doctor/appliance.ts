import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BoxConfig } from '../box.ts';
import { places } from '../provision/places.ts';
import { type Programs, systemPrograms } from '../provision/programs.ts';
import { readSlots } from '../slots/layout.ts';
import { type Check, fail, ok, warn } from './check.ts';

export interface ApplianceOptions {
  readonly config: BoxConfig;
  /** Folder with the slots. */
  readonly software?: string;
  /** Where udev puts the names of serial lines. */
  readonly lines?: string;
  readonly programs?: Programs;
}

const apply = 'quaywatch provision --config FILE --apply';

/** The units run, and start with the machine. */
const units = (programs: Programs): Check => {
  return () => {
    if (!existsSync('/run/systemd/system'))
      return warn('units', 'no systemd runs here', `Start the box by its unit: ${apply}`);
    const names = ['quaywatch-box.service', 'quaywatch-slots.timer'];
    const wrong = names.flatMap((name) =>
      ['is-enabled', 'is-active'].flatMap((asked) => {
        const { code, output } = programs.run('systemctl', [asked, name]);
        return code === 0 ? [] : [`${name} is ${output.trim().split('\n')[0] || 'not there'}`];
      }),
    );
    return wrong.length === 0
      ? ok('units', 'enabled and active')
      : fail('units', wrong.join(', '), `See journalctl -u quaywatch-box; ${apply}`);
  };
};

/** One version runs, and none has been taken back. */
const slots = (software: string): Check => {
  return () => {
    if (!existsSync(software))
      return warn('slots', `there is no ${software}`, `The box runs from no slot: ${apply}`);
    const { running, trial, fallen, versions } = readSlots(software);
    const manifest = running && versions[running];
    if (!manifest)
      return fail('slots', 'no whole version runs', 'Install one: quaywatch update install FILE');
    const detail = `version ${manifest.version} in slot ${running}`;
    if (trial?.slot === running)
      return warn(
        'slots',
        `${detail}, on trial`,
        'Wait: it is confirmed when data gets through, or taken back.',
      );
    if (fallen)
      return warn(
        'slots',
        `${detail}; a later one was taken back (${fallen.why})`,
        'See journalctl -u quaywatch-box of that time.',
      );
    return ok('slots', detail);
  };
};

/** Every serial line of the config is plugged in where it should be. */
const serialNames = ({ machine }: BoxConfig, lines: string): Check => {
  return () => {
    const missing = (machine.serial ?? []).filter(({ name }) => !existsSync(join(lines, name)));
    if (missing.length === 0)
      return ok('serial names', `${machine.serial?.length ?? 0} of the config are there`);
    const named = missing.map(({ name, path }) => `${name} (${path})`).join(', ');
    const help = `Plug it in there, or correct machine.serial by \`udevadm info -q property /dev/ttyUSB0\`, then ${apply}`;
    return fail('serial names', `not there: ${named}`, help);
  };
};

/** The space that is held back is still held back. */
const reserve = ({ machine, data }: BoxConfig): Check => {
  return () => {
    const wanted = machine.reserveBytes ?? 0;
    const stat = statSync(join(data, 'reserve'), { throwIfNoEntry: false });
    const held = (stat?.blocks ?? 0) * 512;
    const detail = `${Math.round(held / 1e6)} of ${Math.round(wanted / 1e6)} MB`;
    return held >= wanted
      ? ok('disk reserve', detail)
      : warn('disk reserve', detail, `Free the disk, then take it again: ${apply}`);
  };
};

/** The graphics card answers, where the config has one. */
const graphics = ({ machine }: BoxConfig, programs: Programs): Check => {
  return () => {
    if (machine.gpu !== 'nvidia') return ok('graphics', 'none in the config');
    const { code, output } = programs.run('nvidia-smi', [
      '--query-gpu=name,driver_version',
      '--format=csv,noheader',
    ]);
    return code === 0
      ? ok('graphics', output.trim())
      : fail(
          'graphics',
          output.trim().split('\n')[0] ?? '',
          'Install its driver (docs/gpu.md); until then models run on the CPU.',
        );
  };
};

/** What an appliance is looked at for beside any machine. */
export function applianceChecks(options: ApplianceOptions): Record<string, Check> {
  const { config, software = places.software, lines = '/dev/quaywatch', programs = systemPrograms } = options;
  return {
    units: units(programs),
    slots: slots(software),
    'serial names': serialNames(config, lines),
    'disk reserve': reserve(config),
    graphics: graphics(config, programs),
  };
}
