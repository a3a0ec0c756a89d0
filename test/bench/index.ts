import type { Bench } from './bench.ts';

/** Every bench by name; its code is loaded when it is called. */
export const benches: Record<string, () => Promise<Bench>> = {
  berth: async () => (await import('./berth.ts')).bench,
  drivers: async () => (await import('./drivers.ts')).bench,
  fences: async () => (await import('./fences.ts')).bench,
  graph: async () => (await import('./graph.ts')).bench,
  idle: async () => (await import('./idle.ts')).bench,
  infer: async () => (await import('./infer.ts')).bench,
  ingest: async () => (await import('./ingest.ts')).bench,
  lane: async () => (await import('./lane.ts')).bench,
  link: async () => (await import('./link.ts')).bench,
  map: async () => (await import('./map.ts')).bench,
  outbox: async () => (await import('./outbox.ts')).bench,
  path: async () => (await import('./path.ts')).bench,
  spectrum: async () => (await import('./spectrum.ts')).bench,
  tracks: async () => (await import('./tracks.ts')).bench,
};
