import type { FindingMessage, ScanModel } from '#flows/inference';
import type { LoadedBundle } from './bundle/load.ts';

/** What a model says that does not judge, and why. */
export function abstention(
  { manifest, signed }: Pick<LoadedBundle, 'manifest' | 'signed'>,
  reasons: readonly string[],
  evidence: Readonly<Record<string, unknown>> = {},
): FindingMessage {
  return {
    kind: 'finding',
    quality: 'good',
    attributes: { final: true, signed, threshold: null },
    model: manifest.id,
    modelVersion: manifest.version,
    label: 'abstained',
    score: 0,
    evidence: { ...evidence, reasons: [...reasons] },
  };
}

/** A model that is there and may not judge. */
export function abstaining(bundle: LoadedBundle, reason: string): ScanModel {
  return {
    id: bundle.manifest.id,
    run: () => Promise.resolve(null),
    add: () => ({ known: null, findings: [] }),
    miss: () => null,
    conclude: (_, { scan }) => [{ ...(scan !== undefined && { scan }), ...abstention(bundle, [reason]) }],
  };
}
