import { writeFileSync } from 'node:fs';

/** A Jest reporter that leaves what each suite came to, as JSON, in the file named by JEST_RESULTS_FILE. */
export default class JestResults {
  onRunComplete(_contexts, { testResults }) {
    const suites = testResults.map((suite) => [
      suite.testFilePath,
      {
        passed: suite.numPassingTests,
        // A suite that could not even run counts as one failure.
        failed: suite.numFailingTests + (suite.testExecError ? 1 : 0),
        skipped: suite.numPendingTests + suite.numTodoTests,
      },
    ]);
    writeFileSync(process.env.JEST_RESULTS_FILE, JSON.stringify(Object.fromEntries(suites)));
  }
}
