import type { Codec } from '../driver.ts';
import { defineDriver } from '../driver.ts';
import { lineSession } from '../line-session.ts';
import { withCarriers } from './carriers.ts';
import { nmeaCodec, radarCodec } from './codec.ts';
import { type NmeaConfig, nmeaAbout } from './config.ts';

function codecOf({ contacts, radar, carriers }: NmeaConfig): Codec {
  const codec = contacts ? radarCodec(radar) : nmeaCodec;
  return (carriers ? withCarriers(codec) : codec) as Codec;
}

export const nmea = defineDriver({
  ...nmeaAbout,
  codec: codecOf,
  open: (config, environment) => lineSession(nmeaAbout, codecOf(config), config, environment),
});
