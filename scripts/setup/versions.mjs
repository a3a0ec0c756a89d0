// Read by any Node that knows modules, so that an old one gets the sentence and not a syntax error.

/** What `engines.node` of package.json says, as numbers. */
export const leastNode = [20, 19];

/**
 * What is wrong with this Node, in one line; undefined when it will do.
 * @param {string} version `process.versions.node`
 * @returns {string | undefined}
 */
export function nodeProblem(version) {
  const parts = version.split('.').map(Number);
  const major = parts[0] || 0;
  const minor = parts[1] || 0;
  const leastMajor = leastNode[0] || 0;
  const leastMinor = leastNode[1] || 0;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return `Node ${version} is too old: install Node ${leastMajor}.${leastMinor} or later (20 LTS will do).`;
}
