/** What a process did to its files, as shim/faults.c wrote it down, in order. */
export type Operation =
  | { readonly kind: 'write'; readonly path: string; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly path: string; readonly length: number }
  | { readonly kind: 'sync' | 'unlink' | 'syncFolder'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string };

const headBytes = 15;

/** Reads a log; a last record that was cut by the kill is left out. */
export function readLog(log: Buffer): Operation[] {
  const operations: Operation[] = [];
  for (let at = 0; at + headBytes <= log.length; ) {
    const kind = log[at];
    const pathBytes = log.readUInt16LE(at + 1);
    const dataBytes = log.readUInt32LE(at + 3);
    const offset = Number(log.readBigUInt64LE(at + 7));
    const pathEnd = at + headBytes + pathBytes;
    const end = pathEnd + dataBytes;
    if (end > log.length) break;
    const path = log.toString('utf8', at + headBytes, pathEnd);
    operations.push(operationOf(kind ?? 0, path, offset, log.subarray(pathEnd, end)));
    at = end;
  }
  return operations;
}

function operationOf(kind: number, path: string, offset: number, data: Buffer): Operation {
  switch (kind) {
    case 1:
      return { kind: 'write', path, offset, data };
    case 2:
      return { kind: 'sync', path };
    case 3:
      return { kind: 'truncate', path, length: offset };
    case 4: {
      const [from = '', to = ''] = path.split('\0');
      return { kind: 'rename', path: from, to };
    }
    case 5:
      return { kind: 'unlink', path };
    case 6:
      return { kind: 'syncFolder', path };
    default:
      throw new Error(`The log of writes has a record of kind ${kind}.`);
  }
}
