import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import Sequencer from '@jest/test-sequencer';
import { OF_BROWSERS } from '../../../scripts/lib/jest-room.mjs';
import { TIMINGS_FILE } from '../../../scripts/lib/timings.mjs';

const timings = existsSync(TIMINGS_FILE) ? JSON.parse(readFileSync(TIMINGS_FILE, 'utf8')) : {};

/**
 * Starts the suites that take longest first, so that none of them runs alone at the end. Those with a browser
 * are spread over the whole run, so that few run at the same time. Suites without a recorded time start last.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const seconds = ({ path, context }) => timings[relative(context.config.rootDir, path)] ?? 0;
    const longestFirst = [...tests].sort((a, b) => seconds(b) - seconds(a) || (a.path < b.path ? -1 : 1));
    const kindOf = ({ path }) => OF_BROWSERS.test(path);
    const queues = [true, false].map((kind) => longestFirst.filter((test) => kindOf(test) === kind));
    return interleaved(queues, seconds);
  }
}

/** All of some queues, each in its order and begun evenly: half of its time after half of all time. */
function interleaved(queues, seconds) {
  const all = [];
  const open = queues
    .map((tests) => ({ tests, total: tests.reduce((sum, test) => sum + seconds(test), 0), begun: 0 }))
    .filter(({ tests }) => tests.length > 0);
  const share = ({ begun, total }) => (total === 0 ? 1 : begun / total);
  while (open.length > 0) {
    const next = open.reduce((least, queue) => (share(queue) < share(least) ? queue : least));
    const test = next.tests.shift();
    next.begun += seconds(test);
    all.push(test);
    if (next.tests.length === 0) open.splice(open.indexOf(next), 1);
  }
  return all;
}
