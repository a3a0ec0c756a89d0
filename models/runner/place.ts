/** Where a module below models/ is as a program; run from source, the built one (Node 20 runs no TypeScript). */
export function builtModule(path: string): URL {
  const source = import.meta.url.endsWith('.ts');
  return new URL(`${source ? '../../dist/models' : '..'}/${path}`, import.meta.url);
}

/** Bundles of the repository: beside the source, which dist/ lies below. */
export function repositoryBundles(): URL {
  const source = import.meta.url.endsWith('.ts');
  return new URL(source ? '../' : '../../../models/', import.meta.url);
}
