/** What traffic is made of. Everything follows from the seed, the roads and this. */
export interface TrafficOptions {
  readonly seed: number;
  readonly trucks: number;
  readonly ships: number;
  /** Begin, epoch ms. */
  readonly startMs: number;
  readonly durationSeconds: number;
  /** Between two fixes of one truck, whole seconds; each truck has its own phase. */
  readonly intervalSeconds: number;
  /** Standard deviation of a fix, metres; it wanders slowly, as that of a receiver does. */
  readonly noiseM: number;
  /** Share of the trucks that carry a seal with a receiver of its own. */
  readonly sealed: number;
  /** Points that read the plates of what passes. */
  readonly gates: number;
  /** More of them, each at the junction next to a place. */
  readonly gatesAt?: readonly { readonly point: string; readonly lon: number; readonly lat: number }[];
  /** Groups of two or three trucks within sight of each other. */
  readonly convoys: number;
  /** Pairs of trucks minutes apart, a scout and who it scouts for. */
  readonly scouts: number;
  /** Trucks whose tracker rides in another vehicle, minutes behind their plates. */
  readonly decoys: number;
  /** Seals that go on with another truck. */
  readonly substitutions: number;
  /** Seals that leave their truck: left behind, or carried off by what has no tracker. */
  readonly separations: number;
  /** Seals that are broken open on the way. */
  readonly tampers: number;
  /** Trips that leave the ways of all others, to a place far from where trucks go. */
  readonly detours: number;
  /** Seals say when they are locked and opened, not only where they are. */
  readonly sealStates: boolean;
  /** Where trucks go, degrees; absent: places that follow from the seed. */
  readonly places?: readonly (readonly [lon: number, lat: number])[];
  /** Trucks and seals are numbered from the one after this; absent: from 1. */
  readonly numberedAfter?: number;
  /** What is planted is planted anew each so many seconds, for traffic that goes on; absent: once. */
  readonly repeatSeconds?: number;
  /** Trucks whose place is made up for a while. */
  readonly spoofs: number;
  /** Trucks that say nothing for a while. */
  readonly gaps: number;
}

export const trafficDefaults: TrafficOptions = {
  seed: 0,
  trucks: 200,
  ships: 0,
  startMs: Date.UTC(2026, 2, 1),
  durationSeconds: 3600,
  intervalSeconds: 10,
  noiseM: 5,
  sealed: 0.25,
  gates: 0,
  convoys: 2,
  scouts: 0,
  decoys: 0,
  substitutions: 1,
  separations: 1,
  tampers: 0,
  detours: 0,
  sealStates: false,
  spoofs: 1,
  gaps: 3,
};

/** One thing that is true of the traffic and that nobody who sees only the fixes is told. */
export interface Truth {
  readonly kind:
    | 'convoy'
    | 'scout'
    | 'decoy'
    | 'stop'
    | 'substitution'
    | 'separation'
    | 'tamper'
    | 'detour'
    | 'spoof'
    | 'gap'
    | 'encounter'
    | 'loitering';
  /** Whom it is about: devices. */
  readonly objects: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly [more: string]: unknown;
}
