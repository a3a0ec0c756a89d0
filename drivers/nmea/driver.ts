import { defineDriver } from '../driver.ts';
import { lineSession } from '../line-session.ts';
import { nmeaCodec, radarCodec } from './codec.ts';
import { type NmeaConfig, nmeaAbout } from './config.ts';

const codecOf = ({ contacts }: NmeaConfig) => (contacts ? radarCodec : nmeaCodec);

export const nmea = defineDriver({
  ...nmeaAbout,
  codec: codecOf,
  open: (config, environment) => lineSession(nmeaAbout, codecOf(config), config, environment),
});
