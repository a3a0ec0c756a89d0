import type { ScannerProfile } from './scanner.ts';
import type { SimulatedScan } from './simulated-scan.ts';
import { type ScanRequest, Simulator } from './simulator.ts';

export type { SimulatedScan } from './simulated-scan.ts';
export { type Measured, Simulator } from './simulator.ts';

/** One scan. Who makes many keeps a `Simulator`: it works out its beam once. */
export const simulateScan = (spec: ScanRequest & { readonly scanner: ScannerProfile }): SimulatedScan =>
  new Simulator(spec.scanner).scan(spec);
