import { join } from 'node:path';
import { nativeVerifier } from '#firmware-config/ed25519';
import type { Problem } from '#flows/fault';
import { loadBundle } from '#models/bundle/load';
import { calibrationId, calibrationTask, transferredId } from '#models/chemometrics/bundle';
import { findBundles } from '#models/find';
import type { CalibrationView, LaboratoryResult } from '../api/laboratory-types.ts';
import { type ImportOptions, importBundle } from '../bundles.ts';
import { faults } from '../faults.ts';
import { type GivenFile, type LaboratoryAnswer, LaboratoryRuns } from './run.ts';
import { type Released, usesOf } from './uses.ts';

export interface LaboratoryOptions extends Pick<ImportOptions, 'folder' | 'audit' | 'now'> {
  readonly released: Released;
  readonly log: { warn(sentence: string): void };
  readonly authority: { readonly signer: ImportOptions['signer']; readonly releaseKey: Uint8Array };
}

/** A calibration that the hub has. */
export interface CalibrationName {
  readonly id: string;
  readonly version: string;
}

/** Mine, brand or instrument that a calibration is for: part of its id. */
interface Named {
  readonly name?: string;
}
const naming = (name: string | undefined): string[] => (name === undefined ? [] : [`--name=${name}`]);

interface Keeping {
  /** Takes the bundle in: it is proved, signed, and can be released to boxes. */
  readonly keep: boolean;
  readonly actor: string;
}

/** What `quaywatch calibrate` and `quaywatch xrf fit` do, with the bundles of the hub. */
export function createLaboratory({ authority, log, released, ...options }: LaboratoryOptions) {
  const onProblem = ({ message }: Problem) => log.warn(message);
  const { signer } = authority;
  const verifier = nativeVerifier(authority.releaseKey);
  const runs = new LaboratoryRuns();
  const found = async () =>
    (await findBundles(options.folder, onProblem)).filter(
      ({ manifest }) => manifest.task === calibrationTask,
    );
  /** The newest version of a calibration: the next one counts up from it. */
  const newest = async (id: string) => (await found()).find(({ manifest }) => manifest.id === id)?.folder;

  async function folderOf({ id, version }: CalibrationName): Promise<string> {
    const one = (await found()).find(({ manifest }) => manifest.id === id && manifest.version === version);
    if (!one) throw faults.fault('api.notFound', { what: `calibration ${id} ${version}` });
    // The command has no key to check it with; the hub has.
    await loadBundle(one.folder, { verifier, signedOnly: true });
    return one.folder;
  }

  async function concluded(answer: LaboratoryAnswer, { keep, actor }: Keeping): Promise<LaboratoryResult> {
    try {
      const { rows, notes, picture } = answer;
      const importing = { ...options, actor, signer, verifier, onProblem };
      const manifest = keep
        ? (await importBundle(join(answer.folder, 'bundle'), importing)).manifest
        : undefined;
      return {
        rows: rows.map((row) => ({ ...(row as object), bundle: undefined })),
        notes: notes.filter((note) => !note.includes('bundle.unsigned')),
        picture,
        ...(manifest ? { kept: { id: manifest.id, version: manifest.version } } : {}),
      };
    } finally {
      await answer.done();
    }
  }

  return {
    list: async (): Promise<CalibrationView[]> =>
      (await found()).map(({ manifest: { id, version, title, summary, metrics, training } }) => ({
        id,
        version,
        title,
        summary,
        samples: training.samples ?? null,
        metrics: metrics.map(({ name, value, low, high, unit }) => ({ name, value, low, high, unit })),
        used: usesOf({ id, version }, released),
      })),

    async pls(
      given: Named & {
        target: string;
        components?: number;
        unit?: string;
        spectra: GivenFile;
        values: GivenFile;
      },
      keeping: Keeping,
    ): Promise<LaboratoryResult> {
      const { target, components, name, unit, spectra, values } = given;
      const args = [
        ...['calibrate', 'pls', '--spectra', '@spectra', '--values', '@values', `--target=${target}`],
        ...(components === undefined ? [] : ['--components', `${components}`]),
        ...naming(name),
        ...(unit === undefined ? [] : [`--unit=${unit}`]),
        ...['--out', '@bundle', '--picture', '@picture'],
      ];
      return concluded(
        await runs.run({
          args,
          files: { spectra, values },
          bundle: await newest(calibrationId(target, name)),
        }),
        keeping,
      );
    },

    async transfer(
      given: Named & { from: CalibrationName; primary: GivenFile; secondary: GivenFile },
      keeping: Keeping,
    ): Promise<LaboratoryResult> {
      const { from, name, primary, secondary } = given;
      const bundle = await folderOf(from);
      const args = ['calibrate', 'transfer', '--bundle', bundle, '--primary', '@primary'];
      const rest = ['--secondary', '@secondary', ...naming(name), '--out', '@bundle'];
      const before = await newest(transferredId(from.id, name));
      const files = { primary, secondary };
      return concluded(await runs.run({ args: [...args, ...rest], files, bundle: before }), keeping);
    },

    async predict(from: CalibrationName, spectra: GivenFile, actor: string): Promise<LaboratoryResult> {
      const args = ['calibrate', 'predict', '--bundle', await folderOf(from), '--spectra', '@spectra'];
      return concluded(await runs.run({ args, files: { spectra } }), { keep: false, actor });
    },

    async fit(
      given: { file: GivenFile; calibration?: string; excitationKeV?: number; elements?: string },
      actor: string,
    ): Promise<LaboratoryResult> {
      const { file, calibration, excitationKeV, elements } = given;
      const args = [
        ...['xrf', 'fit', '@file', '--all', '--picture', '@picture'],
        ...(calibration ? [`--calibration=${calibration}`] : []),
        ...(excitationKeV === undefined ? [] : [`--excitation=${excitationKeV}`]),
        ...(elements ? [`--elements=${elements}`] : []),
      ];
      return concluded(await runs.run({ args, files: { file } }), { keep: false, actor });
    },
  };
}
export type Laboratory = ReturnType<typeof createLaboratory>;
