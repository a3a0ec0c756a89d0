import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withDefaults } from '#flows/lint/schema';
import { BoxConfig } from '../box.ts';
import { apply } from './apply.ts';
import { makePlan, openings } from './plan.ts';
import { systemPrograms as programs } from './programs.ts';
import type { Step } from './step.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'qw-root-'));
  mkdirSync(join(root, 'etc'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const configOf = (more: object = {}) =>
  withDefaults(BoxConfig, {
    name: 'gate A',
    data: '/var/lib/quaywatch',
    broker: { listen: '0.0.0.0:1883' },
    machine: {
      serial: [{ name: 'dose', path: 'pci-0000:00:14.0-usb-0:2:1.0' }],
      ports: [{ port: 7070, protocol: 'udp', from: '10.4.0.0/16', what: 'AIS' }],
      mosquitto: { listen: '127.0.0.1:21883' },
      timeServers: ['ntp.port.example', '192.0.2.7'],
      rebootAt: '03:30',
      reserveBytes: 1_000_000,
      ...more,
    },
  }) as BoxConfig;

const planOf = (more: object = {}) =>
  makePlan({ config: configOf(more), configFile: '/etc/quaywatch/box.yaml', listens: ['0.0.0.0:7611'] });

const contentOf = (id: string, more: object = {}): string => {
  const step = planOf(more).steps.find((one): one is Step & { kind: 'file' } => one.id === id);
  return step?.kind === 'file' ? step.content : '';
};

/** Where a program is not installed the test says so and is not run. */
const withTool = (program: string) => test.skipIf(programs.find(program) === undefined);

function written(name: string, content: string): string {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

describe('a plan', () => {
  test('is data: the same config gives the same, and every step has a name of its own and a reason', () => {
    const { steps } = planOf();
    expect(JSON.parse(JSON.stringify(planOf()))).toEqual(JSON.parse(JSON.stringify({ steps })));
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
    for (const { why } of steps) expect(why).toMatch(/^[A-Z].*\.$/);
    const named = steps.flatMap((step) => (step.kind === 'run' ? (step.after ?? []) : []));
    expect(named.filter((id) => !steps.some((step) => step.id === id))).toEqual([]);
  });

  test('opens what the config and its flows listen on, and nothing of loopback', () => {
    expect(openings(configOf(), ['0.0.0.0:7611', '127.0.0.1:7612', '10.0.0.5:7611'])).toMatchObject([
      { port: 1883, protocol: 'tcp' },
      { port: 7070, protocol: 'udp', from: '10.4.0.0/16' },
      { port: 7611, protocol: 'tcp' },
    ]);
  });
});

describe('applied to a plain folder', () => {
  test('writes everything, the second time nothing, and mends what somebody changed', () => {
    const all = [...apply(planOf(), { root, programs })];
    expect(all.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(all.filter(({ state }) => state === 'changed').length).toBeGreaterThan(12);
    expect(statSync(join(root, 'var/lib/quaywatch')).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, 'var/lib/quaywatch/reserve')).blocks * 512).toBeGreaterThanOrEqual(1_000_000);
    const again = [...apply(planOf(), { root, programs })];
    expect(again.filter(({ state }) => state === 'changed' || state === 'failed')).toEqual([]);

    writeFileSync(join(root, 'etc/nftables.conf'), 'flush ruleset\n');
    chmodSync(join(root, 'etc/quaywatch'), 0o777);
    const mended = [...apply(planOf(), { root, programs })].filter(({ state }) => state === 'changed');
    expect(mended.map(({ id }) => id)).toEqual(['config folder', 'firewall']);
  });

  withTool('systemd-sysusers')('makes the user and enables the units by systemd itself', () => {
    for (const _ of apply(planOf(), { root, programs }));
    expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toMatch(/^quaywatch:/m);
    expect(readFileSync(join(root, 'etc/group'), 'utf8')).toMatch(/^dialout:.*quaywatch/m);
    const wants = join(root, 'etc/systemd/system/multi-user.target.wants/quaywatch-box.service');
    expect(lstatSync(wants).isSymbolicLink()).toBe(true);
  });

  withTool('nft')('never puts a file that its program refuses in the place of a good one', () => {
    const plan = planOf();
    const good = [...apply(plan, { root, programs })].find(({ id }) => id === 'firewall');
    expect(good?.state).toBe('changed');
    const before = readFileSync(join(root, 'etc/nftables.conf'), 'utf8');
    const steps = plan.steps.map((step) =>
      step.kind === 'file' && step.id === 'firewall' ? { ...step, content: 'table inet { nonsense' } : step,
    );
    const [bad] = [...apply({ steps }, { root, programs })].filter(({ state }) => state === 'failed');
    expect(bad).toMatchObject({ id: 'firewall', detail: expect.stringMatching(/^nft refuses it/) });
    expect(readFileSync(join(root, 'etc/nftables.conf'), 'utf8')).toBe(before);
  });
});

describe('what is written is right by the program that reads it', () => {
  withTool('systemd-analyze')('units, for verify and for security', () => {
    // The programs that the units name are not on the machine of the test.
    const present = (text: string) => text.replaceAll(/^(Exec\w+=\+?)\S+.*$/gm, '$1/bin/true');
    for (const gpu of ['none', 'nvidia']) {
      const box = written('quaywatch-box.service', present(contentOf('box unit', { gpu, user: 'root' })));
      const slots = written('quaywatch-slots.service', present(contentOf('slots unit')));
      const timer = written('quaywatch-slots.timer', contentOf('slots timer'));
      const verified = programs.run('systemd-analyze', ['verify', '--man=no', box, slots, timer]);
      const ours = verified.output.split('\n').filter((line) => line.includes('quaywatch'));
      expect(ours).toEqual([]);
      for (const [unit, threshold] of [
        [box, 25],
        [slots, 25],
      ] as const) {
        const judged = programs.run('systemd-analyze', [
          'security',
          '--offline=true',
          `--threshold=${threshold}`,
          unit,
        ]);
        expect(judged.code, judged.output.split('\n').at(-2)).toBe(0);
      }
      const bad = written(
        'quaywatch-bad.service',
        `${present(contentOf('box unit'))}\n[Service]\nWatchdogSeconds=1\n`,
      );
      expect(programs.run('systemd-analyze', ['verify', '--man=no', bad]).output).toContain(
        'WatchdogSeconds',
      );
    }
  });

  withTool('chronyd')('the time', () => {
    const file = written('chrony.conf', contentOf('time'));
    expect(programs.run('chronyd', ['-p', '-f', file])).toMatchObject({ code: 0 });
    expect(
      programs.run('chronyd', ['-p', '-f', written('bad.conf', `${contentOf('time')}nonsense 1\n`)]).code,
    ).toBe(1);
  });

  withTool('udevadm')('names of serial lines', () => {
    const folder = join(root, 'etc/udev/rules.d');
    written('etc/udev/rules.d/70-quaywatch.rules', contentOf('serial names'));
    const { output } = programs.run('udevadm', ['test', '--action=add', '/sys/class/tty/tty0']);
    const about = (text: string) => text.split('\n').filter((line) => /invalid|unknown key/i.test(line));
    expect(about(output).filter((line) => line.includes(folder))).toEqual([]);
    expect(contentOf('serial names')).toContain(
      'ENV{ID_PATH}=="pci-0000:00:14.0-usb-0:2:1.0", SYMLINK+="quaywatch/dose"',
    );
  });

  withTool('mosquitto')('mosquitto, which starts on its config and on no other', () => {
    const passwords = written('passwords', '');
    const content = contentOf('mosquitto', {
      mosquitto: { listen: '127.0.0.1:21883', passwords },
    }).replace('/var/lib/mosquitto/', `${root}/`);
    const file = written('mosquitto.conf', `${content}user root\n`);
    expect(programs.run('timeout', ['3', 'mosquitto', '-c', file]).code).toBe(124);
    const bad = written('bad.conf', `${content}user root\nmax_quality 3\n`);
    expect([1, 3]).toContain(programs.run('timeout', ['20', 'mosquitto', '-c', bad]).code);
  });

  withTool('apt-config')('updates of Debian', () => {
    const file = written('52quaywatch', contentOf('updates of Debian'));
    const { code, output } = programs.run('apt-config', ['-c', file, 'dump']);
    expect(code).toBe(0);
    expect(output).toContain('Unattended-Upgrade::Automatic-Reboot-Time "03:30";');
  });

  test.skipIf(programs.find('sh') === undefined)('the guard of the slots, as the shell reads it', () => {
    expect(programs.run('sh', ['-n', written('slots', contentOf('slot guard'))])).toEqual({
      code: 0,
      output: '',
    });
  });
});
