import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { countOf, featuresOf } from '#flows/geo/fences';
import type { BuiltFences, PreparedFences } from '#flows/geo/prepared';
import { FenceBuilder, pieceFeatures } from './builder.ts';

/** Fewer positions than these are built in a moment where they are used. */
const fewPositions = 20_000;
/** Edits of up to this share of a set are put beside it instead of building it anew. */
const editShare = 0.1;

/** A set as it was built last, and what its features were then. */
interface Known {
  readonly built: BuiltFences;
  readonly version: string;
  /** Digest of each feature by id, at the time of building. */
  readonly digests: ReadonlyMap<string, string>;
}

const digestOf = (feature: unknown): string =>
  createHash('sha256').update(JSON.stringify(feature)).digest('base64');

function idOf(feature: unknown): string {
  const { properties } = (feature ?? {}) as { properties?: { id?: unknown } };
  return String(properties?.id);
}

/** Digest of each feature by its id, a piece at a time: others have their turn in between. */
async function digestsOf(features: readonly unknown[]): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const [i, feature] of features.entries()) {
    digests.set(idOf(feature), digestOf(feature));
    if (i % pieceFeatures === 0) await setImmediate();
  }
  return digests;
}

/** The version that a set says of itself, else what its features come to. */
function versionOf(collection: unknown, digests: ReadonlyMap<string, string>): string {
  const { version } = collection as { version?: unknown };
  if (Number.isInteger(version)) return String(version);
  const hash = createHash('sha256');
  for (const digest of digests.values()) hash.update(digest);
  return hash.digest('hex').slice(0, 12);
}

/** Large fence sets of a box, built in another thread before a flow asks for them. */
export class PreparedSets {
  readonly #builder = new FenceBuilder();
  readonly #known = new Map<string, Known>();
  #ready = new Map<string, PreparedFences>();

  /** Prepares what is large in a new group of sets; what stays the same costs nothing. The old ones stay in use till `use`. */
  async prepare(sets: Readonly<Record<string, unknown>>): Promise<ReadonlyMap<string, PreparedFences>> {
    const ready = new Map<string, PreparedFences>();
    for (const [name, collection] of Object.entries(sets)) {
      const features = featuresOf(collection);
      if (!features || countOf(features) < fewPositions) continue;
      ready.set(name, await this.#prepare(name, collection, features));
    }
    return ready;
  }

  /** From now on flows are given these. */
  use(ready: ReadonlyMap<string, PreparedFences>): void {
    this.#ready = new Map(ready);
    for (const name of this.#known.keys()) if (!ready.has(name)) this.#known.delete(name);
  }

  get(name: string): PreparedFences | undefined {
    return this.#ready.get(name);
  }

  close(): Promise<void> {
    return this.#builder.close();
  }

  async #prepare(name: string, collection: unknown, features: readonly unknown[]): Promise<PreparedFences> {
    const digests = await digestsOf(features);
    const version = versionOf(collection, digests);
    const known = this.#known.get(name);
    if (known?.version === version) return { ...known.built, version };
    if (known) {
      const changed = features.filter(
        (feature) => known.digests.get(idOf(feature)) !== digests.get(idOf(feature)),
      );
      const replaced = [...known.digests.keys()].filter((id) => digests.get(id) !== known.digests.get(id));
      if (changed.length + replaced.length <= editShare * features.length) {
        const edits = await this.#builder.build(name, changed);
        return { ...known.built, version, edits: { ...edits, replaced } };
      }
    }
    const built = await this.#builder.build(name, features);
    this.#known.set(name, { built, version, digests });
    return { ...built, version };
  }
}
