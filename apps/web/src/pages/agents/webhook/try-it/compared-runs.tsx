import { Group, Text } from '@mantine/core';
import { OutsideText } from '../../../../components/outside-text.js';
import { LiveRun } from './live-run.js';
import classes from './live-run.module.css';
import type { Sent } from './use-send-test.js';

/** The runs of a test, side by side: one for each model that it was sent to. */
export function ComparedRuns({ tests }: { tests: Sent[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it may scroll, and is to be reached by the keyboard then
    <ol className={classes.runs} aria-label="Runs of this test" tabIndex={0}>
      {tests.map(({ test: { task_id, ran, answer } }, index) => (
        // Tests are only appended.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={`${task_id} ${index}`}>
          <Group gap={6} mb={4} wrap="nowrap" align="baseline">
            <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
              <OutsideText text={ran.model} />
            </Text>
            <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              {ran.draft ? `draft of v${ran.version}` : `v${ran.version}`}
            </Text>
          </Group>
          {task_id ? (
            <LiveRun taskId={task_id} />
          ) : (
            <Text size="sm" c="dimmed">
              {answer.status < 300 ? 'Nothing ran.' : `Refused with ${answer.status}: nothing ran.`}
            </Text>
          )}
        </li>
      ))}
    </ol>
  );
}
