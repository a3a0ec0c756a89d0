import type { FindingMessage, ModelUse, ScanModel } from '#flows/inference';
import type { FrameMessage } from '#flows/scan';
import type { StopSignal } from '#flows/stage';
import { keyOfUse, type Version } from './version.ts';

/** What is known of a scan, and by which version. */
interface Known {
  readonly version: string;
  readonly known: unknown;
}

interface Looked {
  readonly version: string;
  readonly result: unknown;
}

/** Scans that a version may be held for: those that never end must not hold one for ever. */
const mostPins = 64;
/** Versions whose pure part is kept, to conclude what they had looked at. */
const mostVersions = 8;

/** A model whose versions change under load: every strip of a scan goes to the version that looked at its first. */
export class VersionedModel {
  readonly #versions = new Map<string, Version>();
  /** Versions with threads. */
  readonly #running = new Set<Version>();
  /** Use and scan to version, oldest first. */
  readonly #pins = new Map<string, Version>();
  readonly #views = new Map<string, ScanModel>();
  #newest: Version;

  constructor(first: Version) {
    this.#newest = first;
    this.#versions.set(first.name, first);
    this.#running.add(first);
  }

  get newest(): Version {
    return this.#newest;
  }

  /** Versions that still have threads, beside the newest. */
  get retiring(): number {
    return this.#running.size - 1;
  }

  /** New scans go to this version from now on. */
  take(next: Version): void {
    this.#newest = next;
    this.#versions.set(next.name, next);
    this.#running.add(next);
    for (const [name, version] of this.#versions) {
      if (this.#versions.size <= mostVersions) break;
      if (version !== next) this.#versions.delete(name);
    }
    this.#retire();
  }

  /** The model for one use. */
  view(use: ModelUse): ScanModel {
    const key = keyOfUse(use);
    const made = this.#views.get(key) ?? new View(this, use);
    this.#views.set(key, made);
    return made;
  }

  /** A version by name; undefined when it is gone. */
  version(name: string): Version | undefined {
    return this.#versions.get(name);
  }

  /** The version that a scan stays with. */
  pin(use: string, scan: string | undefined): Version {
    if (scan === undefined) return this.#newest;
    const key = `${use} ${scan}`;
    const pinned = this.#pins.get(key);
    if (pinned) return pinned;
    this.#pins.set(key, this.#newest);
    const [oldest] = this.#pins.keys();
    if (this.#pins.size > mostPins && oldest !== undefined) {
      this.#pins.delete(oldest);
      this.#retire();
    }
    return this.#newest;
  }

  unpin(use: string, scan: string | undefined): void {
    if (scan !== undefined && this.#pins.delete(`${use} ${scan}`)) this.#retire();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map(({ runner }) => runner.close()));
  }

  /** Ends the threads of versions that no scan goes to any more, when they have answered what they were asked. */
  #retire(): void {
    const held = new Set(this.#pins.values()).add(this.#newest);
    for (const version of this.#running) if (!held.has(version)) void this.#end(version);
  }

  async #end(version: Version): Promise<void> {
    await version.runner.drained();
    await version.runner.close();
    this.#running.delete(version);
  }
}

class View implements ScanModel {
  readonly id: string;
  readonly #model: VersionedModel;
  readonly #use: ModelUse;
  readonly #key: string;

  constructor(model: VersionedModel, use: ModelUse) {
    this.id = model.newest.bundle.manifest.id;
    this.#model = model;
    this.#use = use;
    this.#key = keyOfUse(use);
  }

  async run(frame: FrameMessage, signal: StopSignal): Promise<Looked> {
    const version = this.#model.pin(this.#key, frame.scan);
    return { version: version.name, result: await version.model(this.#use).run(frame, signal) };
  }

  add(known: unknown, frame: FrameMessage, result: unknown) {
    const looked = result as Looked;
    const before = known as Known | undefined;
    // After a restart the scan's version may be gone, and another has looked at this strip.
    if (before && before.version !== looked.version) {
      const reason = `Version ${looked.version} looked at this strip, and ${before.version} at those before.`;
      return { known: this.miss(known, frame, reason), findings: [] };
    }
    const said = this.#of(looked.version).add(before?.known, frame, looked.result);
    const findings = this.#traced(looked.version, said.findings);
    return { known: { version: looked.version, known: said.known } satisfies Known, findings };
  }

  miss(known: unknown, frame: FrameMessage, reason: string): Known {
    const before = known as Known | undefined;
    const { name } = this.#model.newest;
    if (before && this.#model.version(before.version)) {
      return { version: before.version, known: this.#of(before.version).miss(before.known, frame, reason) };
    }
    // What a version that is gone had known cannot be read by another: it starts from what was missed.
    return { version: name, known: this.#of(name).miss(undefined, frame, reason) };
  }

  conclude(known: unknown, frame: FrameMessage): readonly FindingMessage[] {
    const before = known as Known | undefined;
    this.#model.unpin(this.#key, frame.scan);
    const version = before?.version ?? this.#model.newest.name;
    if (this.#model.version(version)) {
      return this.#traced(version, this.#of(version).conclude(before?.known, frame));
    }
    const reason = `Version ${version}, which looked at it, is not there any more.`;
    const missed = this.miss(undefined, frame, reason);
    return this.#traced(missed.version, this.#of(missed.version).conclude(missed.known, frame));
  }

  /** With what leads back to the very bundle, whatever the task says of itself. */
  #traced(version: string, findings: readonly FindingMessage[]): readonly FindingMessage[] {
    const { bundle, runner } = this.#model.version(version) ?? this.#model.newest;
    const trace = {
      sha256: bundle.hash,
      simulationValidated: bundle.manifest.validation === 'simulated',
      provider: runner.health().provider,
    };
    return findings.map((finding) => ({ ...finding, attributes: { ...trace, ...finding.attributes } }));
  }

  #of(version: string): ScanModel {
    return (this.#model.version(version) ?? this.#model.newest).model(this.#use);
  }
}
