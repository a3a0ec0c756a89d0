import { createHash } from 'node:crypto';

/** Name of a scan's file or folder: its identity where that is a harmless name, else a hash of it. */
export const fileNameOf = (scan: string): string =>
  /^[A-Za-z0-9][\w-]{0,99}$/.test(scan)
    ? scan
    : `hash.${createHash('sha256').update(scan).digest('hex').slice(0, 32)}`;
