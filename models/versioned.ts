import type { FindingMessage, ScanModel } from '#flows/inference';
import type { FrameMessage } from '#flows/scan';
import type { StopSignal } from '#flows/stage';
import type { LoadedBundle } from './bundle/load.ts';
import type { ModelHealth } from './models.ts';
import type { Runner } from './runner/runner.ts';

interface Version {
  readonly runner: Runner;
  readonly scans: ScanModel;
}

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

const versionOf = ({ runner }: Version): string => runner.bundle.manifest.version;

/** A model whose versions change under load: every strip of a scan goes to the version that looked at its first. */
export class VersionedModel implements ScanModel {
  readonly id: string;
  readonly #versions = new Map<string, Version>();
  /** Scan to version, oldest first. */
  readonly #pins = new Map<string, Version>();
  /** Versions with threads. */
  readonly #running = new Set<Version>();
  #newest: Version;

  constructor(first: Version) {
    this.id = first.runner.bundle.manifest.id;
    this.#newest = first;
    this.#versions.set(versionOf(first), first);
    this.#running.add(first);
  }

  get bundle(): LoadedBundle {
    return this.#newest.runner.bundle;
  }

  /** New scans go to this version from now on. */
  take(next: Version): void {
    this.#newest = next;
    this.#versions.set(versionOf(next), next);
    this.#running.add(next);
    for (const [name, version] of this.#versions) {
      if (this.#versions.size <= mostVersions) break;
      if (version !== next) this.#versions.delete(name);
    }
    this.#retire();
  }

  async run(frame: FrameMessage, signal: StopSignal): Promise<Looked> {
    const version = this.#pin(frame.scan);
    return { version: versionOf(version), result: await version.scans.run(frame, signal) };
  }

  add(known: unknown, frame: FrameMessage, result: unknown) {
    const looked = result as Looked;
    const before = known as Known | undefined;
    // After a restart the scan's version may be gone, and another has looked at this strip.
    if (before && before.version !== looked.version) {
      return { known: this.miss(known, frame, otherVersion(before, looked)), findings: [] };
    }
    const said = this.#by(looked.version).scans.add(before?.known, frame, looked.result);
    return { known: { version: looked.version, known: said.known } satisfies Known, findings: said.findings };
  }

  miss(known: unknown, frame: FrameMessage, reason: string): Known {
    const before = known as Known | undefined;
    const version = before?.version ?? versionOf(this.#newest);
    return { version, known: this.#by(version).scans.miss(before?.known, frame, reason) };
  }

  conclude(known: unknown, frame: FrameMessage): readonly FindingMessage[] {
    const before = known as Known | undefined;
    if (frame.scan !== undefined && this.#pins.delete(frame.scan)) this.#retire();
    const version = before?.version ?? versionOf(this.#newest);
    if (this.#versions.has(version)) return this.#by(version).scans.conclude(before?.known, frame);
    const { scans } = this.#newest;
    const reason = `Version ${version}, which looked at it, is not there any more.`;
    return scans.conclude(scans.miss(undefined, frame, reason), frame);
  }

  health(): ModelHealth {
    const { manifest, signed } = this.bundle;
    return { id: this.id, version: manifest.version, signed, ...this.#newest.runner.health() };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map(({ runner }) => runner.close()));
  }

  async #end(version: Version): Promise<void> {
    await version.runner.drained();
    await version.runner.close();
    this.#running.delete(version);
  }

  #by(version: string): Version {
    return this.#versions.get(version) ?? this.#newest;
  }

  #pin(scan: string | undefined): Version {
    if (scan === undefined) return this.#newest;
    const pinned = this.#pins.get(scan);
    if (pinned) return pinned;
    this.#pins.set(scan, this.#newest);
    const [oldest] = this.#pins.keys();
    if (this.#pins.size > mostPins && oldest !== undefined) {
      this.#pins.delete(oldest);
      this.#retire();
    }
    return this.#newest;
  }

  /** Versions that still have threads, beside the newest. */
  get retiring(): number {
    return this.#running.size - 1;
  }

  /** Ends the threads of versions that no scan goes to any more, when they have answered what they were asked. */
  #retire(): void {
    const held = new Set(this.#pins.values()).add(this.#newest);
    for (const version of this.#running) {
      if (!held.has(version)) void this.#end(version);
    }
  }
}

const otherVersion = (before: Known, looked: Looked): string =>
  `Version ${looked.version} looked at this strip, and ${before.version} at those before.`;
