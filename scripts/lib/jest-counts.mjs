import { writeFileSync } from 'node:fs';

/** A Jest reporter that leaves the run's counts, as JSON, in the file named by JEST_COUNTS_FILE. */
export default class JestCounts {
  onRunComplete(_contexts, results) {
    const counts = {
      passed: results.numPassedTests,
      // A suite that could not even run counts as one failure.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(process.env.JEST_COUNTS_FILE, JSON.stringify(counts));
  }
}
