import { flowCases } from './conformance/flows.ts';
import { objectCases } from './conformance/objects.ts';
import { otherCases } from './conformance/others.ts';
import { placeCases } from './conformance/places.ts';
import { recordCases } from './conformance/records.ts';
import type { StoreCase } from './conformance/samples.ts';
import { scanCases } from './conformance/scans.ts';

/** All that every implementation of `Store` must do; a test of an implementation runs each on a new one. */
export const storeCases: readonly StoreCase[] = [
  ...recordCases,
  ...objectCases,
  ...scanCases,
  ...placeCases,
  ...flowCases,
  ...otherCases,
];
