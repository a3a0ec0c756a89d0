import type { FenceProblem } from '#flows/geo/fences';
import type { BuiltFences } from '#flows/geo/prepared';

/** Features come in pieces, each when the one before was taken, so that neither thread has a large set twice. */
export type ToWorker =
  | { readonly begin: number; readonly positions: number }
  | { readonly features: readonly unknown[] }
  | { readonly end: true };

export type FromWorker =
  | { readonly job: number; readonly taken: true }
  | { readonly job: number; readonly built: BuiltFences }
  | { readonly job: number; readonly problem: FenceProblem };
