import { existsSync } from 'node:fs';

const setpriv = '/usr/bin/setpriv';
/** Who died before the kernel was told to watch it is the parent no more: looked at once, after that. */
const ifParent = 'test "$PPID" = "$1" || exit 1; shift; exec "$@"';

/**
 * The words of a command that the kernel kills when its parent dies, however and whenever that is: also in the moment
 * before the command has begun.
 */
export function boundToParent(command: readonly string[], parentPid = process.pid): readonly string[] {
  if (!existsSync(setpriv)) return command;
  return [setpriv, '--pdeathsig', 'KILL', 'sh', '-c', ifParent, 'sh', String(parentPid), ...command];
}
