import type { Profile } from '../profile.ts';
import { barrier } from './barrier.ts';
import { beltScale } from './belt-scale.ts';
import { bilanciaiDd700 } from './bilanciai-dd700.ts';
import { doseRateMeter } from './dose-rate-meter.ts';
import { moistureGauge } from './moisture-gauge.ts';
import { oreAnalyser } from './ore-analyser.ts';
import { sampler } from './sampler.ts';

/** Profiles that are shipped, by name. */
export const profiles: readonly Profile[] = [
  barrier,
  beltScale,
  bilanciaiDd700,
  doseRateMeter,
  moistureGauge,
  oreAnalyser,
  sampler,
];
