import { byteSession } from '../byte-session.ts';
import { defineDriver } from '../driver.ts';
import { folderSession } from '../folder-session.ts';
import { parseAddress } from '../transport/link.ts';
import { serialTransport } from '../transport/serial.ts';
import { tcpTransport } from '../transport/tcp.ts';
import { spectrometerCodec } from './codec.ts';
import { type SpectrometerConfig, spectrometerAbout } from './config.ts';

function transport({ path, connect, baudRate }: SpectrometerConfig) {
  if (path !== undefined) return serialTransport({ path, baudRate });
  const { host, port } = parseAddress(connect ?? '') ?? { host: '127.0.0.1', port: 0 };
  return tcpTransport(host, port);
}

export const spectrometer = defineDriver({
  ...spectrometerAbout,
  codec: (config) => spectrometerCodec(config),
  open(config, environment) {
    const common = {
      driver: spectrometerAbout.type,
      stamp: config,
      staleAfterSeconds: config.staleAfterSeconds,
      environment,
    };
    const { folder, settleSeconds, maxFileBytes } = config;
    if (folder !== undefined)
      return folderSession({
        ...common,
        codec: () => spectrometerCodec(config),
        folder,
        endings: ['.dx', '.jdx', '.jcm', '.spc', '.asd', '.csv', '.txt', '.qws'],
        settleSeconds,
        maxFileBytes,
      });
    return byteSession({
      ...common,
      codec: spectrometerCodec(config),
      transport: transport(config),
      repeats: spectrometerAbout.repeats,
    });
  },
});
