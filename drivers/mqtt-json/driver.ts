import { defineDriver } from '../driver.ts';
import { mqttSession } from '../mqtt-session.ts';
import { mqttJsonCodec } from './codec.ts';
import { mqttJsonAbout } from './config.ts';
import { payloadReader } from './reader.ts';

export const mqttJson = defineDriver({
  ...mqttJsonAbout,
  codec: (config) => mqttJsonCodec(config),
  open: (config, environment) => mqttSession(mqttJsonAbout.type, payloadReader(config), config, environment),
});
