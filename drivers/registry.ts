import { aisAbout } from './ais/config.ts';
import { cameraAbout } from './camera/config.ts';
import type { DriverEntry } from './driver.ts';
import { gt06About } from './gt06/config.ts';
import { jt701About } from './jt701/config.ts';
import { jt808About } from './jt808/config.ts';
import { linescanAbout } from './linescan/config.ts';
import { modbusAbout } from './modbus/config.ts';
import { mqttJsonAbout } from './mqtt-json/config.ts';
import { n42About } from './n42/config.ts';
import { nmeaAbout } from './nmea/config.ts';
import { osmandAbout } from './osmand/config.ts';
import { passageAbout } from './passage/config.ts';
import { radproAbout } from './radpro/config.ts';
import { scanfileAbout } from './scanfile/config.ts';
import { spectrometerAbout } from './spectrometer/config.ts';
import { teltonikaAbout } from './teltonika/config.ts';

/** Every driver there is, by type. Their code, and with it anything native, is loaded when one is opened. */
export const drivers: readonly DriverEntry[] = [
  { ...aisAbout, load: async () => (await import('./ais/driver.ts')).ais },
  { ...cameraAbout, load: async () => (await import('./camera/driver.ts')).camera },
  { ...gt06About, load: async () => (await import('./gt06/driver.ts')).gt06 },
  { ...jt701About, load: async () => (await import('./jt701/driver.ts')).jt701 },
  { ...jt808About, load: async () => (await import('./jt808/driver.ts')).jt808 },
  { ...linescanAbout, load: async () => (await import('./linescan/driver.ts')).linescan },
  { ...modbusAbout, load: async () => (await import('./modbus/driver.ts')).modbus },
  { ...mqttJsonAbout, load: async () => (await import('./mqtt-json/driver.ts')).mqttJson },
  { ...n42About, load: async () => (await import('./n42/driver.ts')).n42 },
  { ...nmeaAbout, load: async () => (await import('./nmea/driver.ts')).nmea },
  { ...osmandAbout, load: async () => (await import('./osmand/driver.ts')).osmand },
  { ...passageAbout, load: async () => (await import('./passage/driver.ts')).passage },
  { ...radproAbout, load: async () => (await import('./radpro/driver.ts')).radpro },
  { ...scanfileAbout, load: async () => (await import('./scanfile/driver.ts')).scanfile },
  {
    ...spectrometerAbout,
    load: async () => (await import('./spectrometer/driver.ts')).spectrometer,
  },
  { ...teltonikaAbout, load: async () => (await import('./teltonika/driver.ts')).teltonika },
];

export const driverEntry = (type: string): DriverEntry | undefined =>
  drivers.find((entry) => entry.type === type);
