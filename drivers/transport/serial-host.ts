import { Socket } from 'node:net';
import { SerialPort } from 'serialport';
import type { FromHost, SerialLine, ToHost } from './serial-protocol.ts';

/**
 * A process of its own for one serial line: what hangs in a driver of the kernel can then be killed without
 * the box. Bytes go both ways over descriptor 3, everything else over the process channel.
 */
function host({ holdBytes, ...settings }: SerialLine): void {
  const bytes = new Socket({ fd: 3, readable: true, writable: true });
  const port = new SerialPort({ ...settings, lock: true, autoOpen: false });
  const tell = (message: FromHost) => process.send?.(message);
  const leave = (message: FromHost) => process.send?.(message, () => process.exit(1));

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
  bytes.on('error', () => process.exit(1));

  port.on('error', (error) => leave({ kind: 'gone', detail: error.message }));
  port.on('close', (error: Error | null) => {
    if (error) leave({ kind: 'gone', detail: error.message });
  });
  port.open((error) => {
    if (error) leave({ kind: 'refused', detail: error.message });
    else tell({ kind: 'open' });
  });
  process.on('message', (message: ToHost) => {
    if (message.kind === 'close') port.close(() => process.exit(0));
  });
  // The box is gone: so is the reason to hold the line.
  process.on('disconnect', () => process.exit(0));
}

host(JSON.parse(process.argv[2] ?? '{}') as SerialLine);
