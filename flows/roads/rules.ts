import type { MatchRules } from './match.ts';

/** For receivers of lorries in open sky, a fix every second to every minute. */
export const matchDefaults: MatchRules = {
  sigmaM: 10,
  betaM: 20,
  maxDistanceM: 50,
  maxStepM: 3000,
  lagFixes: 8,
};
