/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

/** @type {Tally} */
export const nothing = { passed: 0, failed: 0, skipped: 0 };

/**
 * A check that is one thing: it passed or failed.
 * @param {boolean} passed
 * @returns {Tally}
 */
export const one = (passed) => ({ ...nothing, [passed ? 'passed' : 'failed']: 1 });

/**
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export const sum = (tallies) =>
  tallies.reduce(
    (all, tally) => ({
      passed: all.passed + tally.passed,
      failed: all.failed + tally.failed,
      skipped: all.skipped + tally.skipped,
    }),
    nothing,
  );

/**
 * The line that a run of all tests ends with.
 * @param {Tally} tally
 */
export const closingLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/**
 * What a vitest JSON report counts for. A file that could not be loaded has no tests in it and counts as one
 * failure; so does a run that ended badly without a failed test (an unhandled rejection), and one in which
 * nothing ran at all.
 * @param {unknown} report parsed, or undefined where none was written
 * @param {number | string} ended exit code or signal
 * @returns {Tally}
 */
export function tallyOf(report, ended) {
  const counts = { ...nothing };
  for (const file of filesOf(report)) {
    const tests = Array.isArray(file.assertionResults) ? file.assertionResults : [];
    for (const { status } of tests) {
      if (status === 'passed') counts.passed += 1;
      else if (status === 'failed') counts.failed += 1;
      else counts.skipped += 1;
    }
    if (file.status === 'failed' && !tests.some(({ status }) => status === 'failed')) counts.failed += 1;
  }
  const ran = counts.passed + counts.failed > 0;
  if (!ran || (ended !== 0 && counts.failed === 0)) counts.failed += 1;
  return counts;
}

/**
 * @typedef {{ status?: unknown, assertionResults?: { status?: unknown }[] }} FileReport
 * @param {unknown} report
 * @returns {FileReport[]}
 */
function filesOf(report) {
  if (typeof report !== 'object' || report === null || !('testResults' in report)) return [];
  return Array.isArray(report.testResults) ? report.testResults : [];
}
