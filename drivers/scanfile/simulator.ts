import type { Message } from '#flows/message';
import { consume, type Simulator, type Source, Switches } from '../simulator.ts';
import { folderDevice } from '../transport/folder-device.ts';
import { formOf } from './frame.ts';

export const scanfileFaults = ['silence', 'garbage', 'cut', 'damaged', 'halfWritten'] as const;
type ScanfileFault = (typeof scanfileFaults)[number];

export interface ScanfileSimulatorOptions {
  /** Whole files. */
  readonly source: Source;
  /** Empty: one of its own. */
  readonly folder: string;
  readonly name: string;
  random(): number;
}

const endings = { tiff: '.tif', dicom: '.dcm', container: '.qwscan', raw: '.raw' } as const;
const isBytes = (item: Message | Uint8Array): item is Uint8Array => item instanceof Uint8Array;
const halfPauseMs = 100;

/** A simulated scanner that drops whole scans into a folder. */
export async function simulateScanfile(options: ScanfileSimulatorOptions): Promise<Simulator> {
  const { source, name, random } = options;
  const stopped = new AbortController();
  const device = folderDevice(options.folder);
  const switches = new Switches<ScanfileFault>(scanfileFaults);
  const spoil = (bytes: Uint8Array): Uint8Array => {
    if (switches.has('garbage')) return bytes.map(() => Math.floor(random() * 256));
    if (switches.has('cut')) return bytes.subarray(0, Math.floor(bytes.length * (0.2 + 0.6 * random())));
    if (!switches.has('damaged')) return bytes;
    const spoiled = bytes.slice();
    const at = spoiled.length - 1 - Math.floor((random() * spoiled.length) / 4);
    spoiled[at] = (spoiled[at] as number) ^ 0x55;
    return spoiled;
  };
  let count = 0;
  const done = consume(source, stopped.signal, async (item) => {
    if (!isBytes(item) || switches.has('silence')) return;
    count++;
    const file = `${name}-${String(count).padStart(6, '0')}${endings[formOf(item) ?? 'raw']}`;
    if (switches.has('halfWritten')) await device.write(file, item, halfPauseMs);
    else device.drop(file, spoil(item));
  });
  return {
    config: { folder: device.folder, settleSeconds: 0.3 },
    done,
    fault: (fault, on) => switches.set(fault, on),
    async stop() {
      stopped.abort();
      device.close();
    },
  };
}
