/** POST /enrolments {name, site} (admin). */
export interface Enrolment {
  readonly token: string;
  readonly expires: string;
}

/** GET /bundles (operator): the models that were imported at the hub, newest versions first. */
export interface BundleView {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly validation: 'simulated' | 'laboratory' | 'field';
}

/** POST /boxes/:box/plan and POST /boxes/:box/release, both {flows, fenceSets?, confirmLoss?, bundles?} (operator).
 * A fence set is GeoJSON, or the number of a version of the hub's; one that a flow only names is the hub's newest. */
export interface ReleasePlan {
  readonly version: number;
  readonly changes: readonly {
    readonly flow: string;
    readonly change: 'add' | 'change' | 'remove' | 'same';
  }[];
  /** State that would be lost, `flow/node`: must be confirmed by naming it in `confirmLoss`. */
  readonly lost: readonly string[];
  /** Models that the box is to have; `manifest` is the SHA-256 of bundle.yaml, `runs` what it judges with now. */
  readonly bundles: readonly {
    readonly id: string;
    readonly version: string;
    readonly manifest: string;
    readonly runs?: string;
  }[];
  /** Fence sets of the hub that the flows name, in the version that the box is to have. */
  readonly fenceSets: readonly { readonly name: string; readonly version: number; readonly newest: number }[];
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/**
 * POST /boxes/:box/tap {flow, node, port, seconds?, maxPerSecond?, client} (operator): `client` is the one of the
 * greeting of the live stream that the reports go to.
 */
export interface TapStarted {
  /** Name of the tap in its reports. */
  readonly id: string;
  readonly expires: string;
}

/** How a flow of the hub does, at the hub that answers. */
export interface HubFlowView {
  readonly id: string;
  readonly version: number;
  readonly hash: string;
  /** failed: it cannot be compiled, and takes nothing. */
  readonly state: 'running' | 'failed';
  /** Parts that are this hub's, of 16. */
  readonly parts: readonly number[];
  /** Stored events up to this position are in its state. */
  readonly position: number;
  readonly received: number;
  readonly emitted: number;
  readonly failed: number;
  /** The last that left by an error port. */
  readonly problem?: { readonly code: string; readonly message: string };
}

/** GET /hub/flows; POST /hub/plan and POST /hub/release {flows, fenceSets?, confirmLoss?, from?} answer a ReleasePlan (operator). */
export interface HubFlows {
  /** The hub that answers. */
  readonly hub: string;
  /** Of the release in force; 0: there is none. */
  readonly version: number;
  readonly documents: readonly unknown[];
  readonly fenceSets: Readonly<Record<string, unknown>>;
  readonly flows: readonly HubFlowView[];
}
