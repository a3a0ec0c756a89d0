import type { ScanStore } from '#flows/scan';
import { defineDriver } from '../driver.ts';
import { faults } from '../faults.ts';
import { folderSession } from '../folder-session.ts';
import { PlainScans } from '../transport/plain-scans.ts';
import { scanfileCodec } from './codec.ts';
import { scanfileAbout } from './config.ts';
import { maxSideCarBytes } from './facts.ts';

export const scanfile = defineDriver({
  ...scanfileAbout,
  codec: (config, scans: ScanStore = new PlainScans()) => scanfileCodec(config, scans),
  open(config, environment) {
    const { scans } = environment;
    if (!scans) throw faults.fault('scanfile.nostore', {}, environment.node);
    return folderSession({
      driver: scanfileAbout.type,
      stamp: config,
      staleAfterSeconds: config.staleAfterSeconds,
      environment,
      codec: (_name, { writtenMs, sideCar }) =>
        scanfileCodec(config, scans, {
          written: new Date(writtenMs).toISOString(),
          ...(sideCar ? { sideCar } : {}),
        }),
      folder: config.folder,
      endings: config.endings.map((ending) => ending.toLowerCase()),
      settleSeconds: config.settleSeconds,
      maxFileBytes: config.maxScanBytes,
      sideCar: { ending: '.json', waitMs: config.sideCarSeconds * 1000, maxBytes: maxSideCarBytes },
    });
  },
});
