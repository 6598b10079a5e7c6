import { fileURLToPath } from 'node:url';

/** How long each suite took when it was recorded, in seconds, by its path in the repository. */
export const TIMINGS_FILE = fileURLToPath(
  new URL('../../packages/testing/jest/timings.json', import.meta.url),
);

/** Shorter suites are not recorded. */
const SHORTEST_S = 2;
const SLOWEST = 10;

const longestFirst = (suites) => Object.entries(suites).sort(([, a], [, b]) => b.seconds - a.seconds);

/** The lines that name the slowest suites of a run. `suites` by path, with `seconds`. */
export const slowestOf = (suites) =>
  longestFirst(suites)
    .slice(0, SLOWEST)
    .map(([path, { seconds }]) => `${seconds.toFixed(1).padStart(7)} s  ${path}`);

/**
 * The text of the timings file after a run of these suites.
 *
 * @param others the seconds of suites that did not run, by path
 */
export function timingsOf(suites, others = {}) {
  const before = Object.entries(others).map(([path, seconds]) => [path, { seconds }]);
  const all = { ...Object.fromEntries(before), ...suites };
  const kept = longestFirst(all).filter(([, { seconds }]) => seconds >= SHORTEST_S);
  const rounded = kept.map(([path, { seconds }]) => [path, Math.round(seconds)]);
  return `${JSON.stringify(Object.fromEntries(rounded), null, 2)}\n`;
}
