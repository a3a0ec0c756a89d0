import type { CommandReport, DeviceCommand, Expected } from '#flows/command';

/** What a box remembers of a command, on disk before anything is sent. */
export interface CommandEntry {
  /** Of the whole command: another one may not come under the same id. */
  readonly digest: string;
  readonly report: CommandReport;
  readonly expected?: Expected;
  /** When it was given to the device, epoch ms; absent: it never was. */
  readonly sentMs?: number;
  /** Until when acknowledgement and report are waited for, epoch ms. */
  readonly untilMs: number;
  /** End of its authorisation, epoch ms. */
  readonly notAfterMs: number;
  /** Something may still become of it: a report of the device, or the end of its authorisation. */
  readonly open: boolean;
}

export function entryOf(command: DeviceCommand, digest: string, nowMs: number): CommandEntry {
  const { authorisation, expected } = command;
  return {
    digest,
    report: {
      kind: 'command-report',
      box: command.box,
      command: command.id,
      authorisation: authorisation.id,
      device: command.device,
      action: command.action,
      state: 'sent',
      acknowledged: false,
      time: new Date(nowMs).toISOString(),
    },
    ...(expected ? { expected } : {}),
    untilMs: nowMs + command.timeoutSeconds * 1000,
    notAfterMs: Date.parse(authorisation.notAfter),
    open: true,
  };
}

/** Whether nothing more is waited for from the device within its time. */
export const isSettled = ({ report, expected }: CommandEntry): boolean =>
  report.state !== 'sent' && !(report.state === 'acknowledged' && expected);

/** Whether the authorisation did what it was for. */
export const isUsed = ({ report, expected }: CommandEntry): boolean =>
  report.state === 'confirmed' || (report.state === 'acknowledged' && !expected);
