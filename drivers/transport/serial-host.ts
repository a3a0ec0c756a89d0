import { Socket } from 'node:net';
import { SerialPort } from 'serialport';
import type { FromHost, SerialLine, ToHost } from './serial-protocol.ts';

/**
 * A process of its own for one serial line: what hangs in a driver of the kernel can then be killed without
 * the box. Bytes go both ways over descriptor 3, everything else over the process channel.
 */
const line = JSON.parse(process.argv[2] ?? '{}') as SerialLine;
const bytes = new Socket({ fd: 3, readable: true, writable: true });
const tell = (message: FromHost, then?: () => void) => process.send?.(message, () => then?.());
const leave = (code: number) => process.exit(code);

const { holdBytes, ...settings } = line;
const port = new SerialPort({ ...settings, lock: true, autoOpen: false });

let lost = 0;
port.on('data', (chunk: Buffer) => {
  if (bytes.writableLength + chunk.length > holdBytes) lost += chunk.length;
  else bytes.write(chunk);
});
bytes.on('drain', () => {
  if (lost > 0) tell({ kind: 'lost', count: lost });
  lost = 0;
});
bytes.on('data', (chunk: Buffer) => port.write(chunk));
bytes.on('error', () => leave(1));

port.on('error', (error) => tell({ kind: 'gone', detail: error.message }, () => leave(1)));
port.on('close', (error: Error | null) => {
  if (error) tell({ kind: 'gone', detail: error.message }, () => leave(1));
});
port.open((error) => {
  if (error) tell({ kind: 'refused', detail: error.message }, () => leave(1));
  else tell({ kind: 'open' });
});

process.on('message', (message: ToHost) => {
  if (message.kind === 'close') port.close(() => leave(0));
});
// The box is gone: so is the reason to hold the line.
process.on('disconnect', () => leave(0));
