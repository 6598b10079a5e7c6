import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import Sequencer from '@jest/test-sequencer';
import { TIMINGS_FILE } from '../../../scripts/lib/timings.mjs';

const timings = existsSync(TIMINGS_FILE) ? JSON.parse(readFileSync(TIMINGS_FILE, 'utf8')) : {};

/**
 * Starts the suites that take longest first, so that none of them runs alone at the end. Suites without a
 * recorded time start last.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const seconds = ({ path, context }) => timings[relative(context.config.rootDir, path)] ?? 0;
    return [...tests].sort((a, b) => seconds(b) - seconds(a) || (a.path < b.path ? -1 : 1));
  }
}
