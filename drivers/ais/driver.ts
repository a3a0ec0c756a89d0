import { defineDriver } from '../driver.ts';
import { lineSession } from '../line-session.ts';
import { aisCodec } from './codec.ts';
import { aisAbout } from './config.ts';

export const ais = defineDriver({
  ...aisAbout,
  codec: () => aisCodec,
  open: (config, environment) => lineSession(aisAbout, aisCodec, config, environment),
});
