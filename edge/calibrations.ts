import type { Calibrations, SpectralCalibration } from '#flows/spectral-calibration';
import type { LoadedBundle } from '#models/bundle/load';
import { StreamCalibration } from '#models/chemometrics/in-stream';

/**
 * Laboratories' calibrations, each opened at the first ask. `bundles` gives the newest right version of a bundle; a newer one predicts from the next
 * spectrum on. What is no calibration is as if it were not there.
 */
export function calibrationsOf(bundles: (id: string) => LoadedBundle | undefined): Calibrations {
  const opened = new Map<string, { readonly hash: string; readonly calibration: SpectralCalibration }>();
  return {
    calibration(id) {
      const bundle = bundles(id);
      if (bundle?.manifest.format !== 'calibration') return undefined;
      const known = opened.get(id);
      if (known?.hash === bundle.hash) return known.calibration;
      const calibration = StreamCalibration.of(bundle);
      opened.set(id, { hash: bundle.hash, calibration });
      return calibration;
    },
  };
}
