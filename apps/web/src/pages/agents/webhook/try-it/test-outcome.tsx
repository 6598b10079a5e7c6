import { ComparedRuns } from './compared-runs.js';
import { OtherModel } from './other-model.js';
import { TestAnswer } from './test-answer.js';
import type { Sent } from './use-send-test.js';

interface TestOutcomeProps {
  /** The last test and its repetitions for comparison. */
  tests: Sent[];
  isSending: boolean;
  /** Sends it again, to another model. */
  onSend: (model: string) => void;
}

/** What the webhook answered to a test, its run, and the same on other models. */
export default function TestOutcome({ tests, isSending, onSend }: TestOutcomeProps) {
  const test = tests[0]?.test;
  if (test === undefined) return null;
  return (
    <>
      <TestAnswer test={test} />
      <ComparedRuns tests={tests} />
      {test.task_id && (
        <OtherModel model={tests.at(-1)?.test.ran.model ?? ''} isSending={isSending} onSend={onSend} />
      )}
    </>
  );
}
