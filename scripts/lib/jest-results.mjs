import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** A Jest reporter that writes the result of each suite as JSON to the file named by JEST_RESULTS_FILE. */
export default class JestResults {
  constructor({ rootDir }) {
    this.rootDir = rootDir;
  }

  onRunComplete(_contexts, { testResults }) {
    const suites = testResults.map((suite) => [
      relative(this.rootDir, suite.testFilePath),
      {
        passed: suite.numPassingTests,
        // A suite that could not run at all counts as one failure.
        failed: suite.numFailingTests + (suite.testExecError ? 1 : 0),
        skipped: suite.numPendingTests + (suite.numTodoTests ?? 0),
        seconds: (suite.perfStats?.runtime ?? 0) / 1000,
      },
    ]);
    writeFileSync(process.env.JEST_RESULTS_FILE, JSON.stringify(Object.fromEntries(suites)));
  }
}
