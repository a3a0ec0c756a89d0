import { existsSync, readFileSync } from 'node:fs';

/** State of a socket that listens, in the kernel's table of TCP. */
const listening = '0A';

/** Whether somebody of this machine has a port: listens on it, or takes datagrams. True where the kernel has no such tables. */
export function isBound(kind: 'tcp' | 'udp', port: number): boolean {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const tables = [`/proc/net/${kind}`, `/proc/net/${kind}6`].filter((table) => existsSync(table));
  const rows = tables.flatMap((table) => readFileSync(table, 'utf8').split('\n').slice(1));
  return (
    tables.length === 0 ||
    rows.some((row) => {
      const [, local = '', , state] = row.trim().split(/\s+/);
      return local.endsWith(end) && (kind === 'udp' || state === listening);
    })
  );
}
