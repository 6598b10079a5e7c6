/** The result of a suite, by the path of its file: `{ passed, failed, skipped }`, counts of tests. */

/** If more fail, something is broken, and running them again would only take time. */
const REPEATED_AT_MOST = 3;

/** The paths of the suites to run again. */
export function suitesToRepeat(suites = {}) {
  const failed = Object.keys(suites).filter((path) => suites[path].failed > 0);
  return failed.length <= REPEATED_AT_MOST ? failed : [];
}

/** The paths of those suites that passed when they ran again. */
export const unsteadyOf = (again, suites) => again.filter((path) => suites[path]?.failed === 0);

/** The line that closes a run. `unsteady` as `unsteadyOf` returns it. */
export function countsOf(suites, unsteady = []) {
  const sum = (name) => Object.values(suites).reduce((total, suite) => total + suite[name], 0);
  const skipped = sum('skipped');
  return [
    `${sum('passed')} passed`,
    `${sum('failed')} failed`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(unsteady.length > 0 ? [`unsteady, must be fixed: ${unsteady.join(' ')}`] : []),
  ].join(', ');
}
