/** The result of a suite, by the path of its file: `{ passed, failed, skipped }`, counts of tests. */

/** If more fail, something is broken, and running them again would only take time. */
const REPEATED_AT_MOST = 3;

/** The paths of the suites to run again. */
export function suitesToRepeat(suites = {}) {
  const failed = Object.keys(suites).filter((path) => suites[path].failed > 0);
  return failed.length <= REPEATED_AT_MOST ? failed : [];
}

/** The line that closes a run. */
export function countsOf(suites) {
  const sum = (name) => Object.values(suites).reduce((total, suite) => total + suite[name], 0);
  const skipped = sum('skipped');
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
