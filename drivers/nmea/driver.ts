import { defineDriver } from '../driver.ts';
import { lineSession } from '../line-session.ts';
import { nmeaCodec } from './codec.ts';
import { nmeaAbout } from './config.ts';

export const nmea = defineDriver({
  ...nmeaAbout,
  codec: () => nmeaCodec,
  open: (config, environment) => lineSession(nmeaAbout, nmeaCodec, config, environment),
});
