import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../path/child.ts';
import type { Scope } from '../scope.ts';
import type { ScanOrder, ScanReport } from './scanner.ts';

export interface Scanner {
  readonly child: Child;
  /** Resolves when the box listens to it. */
  readonly heard: Promise<void>;
  /** Sends one scan; resolves when its last line is on the wire. */
  scan(order: ScanOrder): Promise<ScanReport>;
}

const program = fileURLToPath(new URL('./scanner.js', import.meta.url));

/** Starts a scanner with the records of a file at a port of loopback. */
export function startScanner(
  name: string,
  file: string,
  port: number,
  folder: string,
  scope: Scope,
): Scanner {
  const child = startChild(process.execPath, [program, file, String(port)], { folder, name, ipc: true });
  scope.defer(child.stop);
  const answer = <T>() =>
    Promise.race([child.died, new Promise<T>((resolve) => child.process.once('message', resolve))]);
  const heard = answer<string>().then(() => undefined);
  return {
    child,
    heard,
    scan: (order) => {
      const report = answer<ScanReport>();
      child.process.send(order);
      return report;
    },
  };
}
