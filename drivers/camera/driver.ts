import { defineDriver } from '../driver.ts';
import { cameraCodec } from './codec.ts';
import { cameraAbout } from './config.ts';
import { cameraSession } from './session.ts';

export const camera = defineDriver({
  ...cameraAbout,
  codec: (config) => cameraCodec(config),
  open: cameraSession,
});
