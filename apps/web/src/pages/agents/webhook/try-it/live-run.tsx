import { Alert, Group, Stack, Text } from '@mantine/core';
import { FactGrid } from '../../../../components/fact-grid.js';
import { formatCost, formatNumber } from '../../../../components/format.js';
import { JsonView } from '../../../../components/json-view.js';
import { OutsideText } from '../../../../components/outside-text.js';
import { StatusBadge } from '../../../../components/status-badge.js';
import { Elapsed } from '../../../../components/times.js';
import { RunLink } from '../run-link.js';
import classes from './live-run.module.css';
import { RunFlow } from './run-flow.js';
import type { LiveTask } from './task-events.js';
import { useLiveTask } from './use-live-task.js';

/** A run in progress, and its result. Use the task id as its React key. */
export function LiveRun({ taskId }: { taskId: string }) {
  const task = useLiveTask(taskId);
  const { state, finished, isLost } = task;
  return (
    <Stack gap="xs" className={classes.run} aria-label="Live run" component="section">
      <Group gap="xs" justify="space-between">
        <Group gap="xs" role="status">
          <StatusBadge status={state?.status ?? 'PENDING'} />
          <Text size="sm" className={classes.time} component="span">
            {state && <Elapsed from={state.created_at} to={state.finished_at} />}
          </Text>
        </Group>
        <RunLink taskId={taskId} />
      </Group>
      <RunFlow task={task} />
      {isLost && !finished && (
        <Alert color="orange" p="xs">
          The live view lost its connection. The run continues: open it to see how it ends.
        </Alert>
      )}
      {finished && <Outcome finished={finished} />}
      {finished && <Spent finished={finished} />}
    </Stack>
  );
}

function Outcome({ finished }: { finished: NonNullable<LiveTask['finished']> }) {
  const { result } = finished;
  if (result === null) return null;
  if ('error' in result && result.error) {
    const message = 'message' in result.error ? result.error.message : undefined;
    return (
      <Alert color="red" title={result.error.code} p="xs">
        <OutsideText text={message ?? 'Your API key may not see the error message.'} />
      </Alert>
    );
  }
  if ('answer' in result && result.answer !== undefined) {
    const output = 'output' in result && result.output !== undefined ? result.output : result.answer;
    return <JsonView value={output} what="agent’s answer" maxHeight={160} />;
  }
  return (
    <Text size="sm" c="dimmed">
      Your API key may not see the answer.
    </Text>
  );
}

/** What the run cost. Its time is shown above. */
function Spent({ finished: { result } }: { finished: NonNullable<LiveTask['finished']> }) {
  if (result === null || !('usage' in result)) return null;
  const { input_tokens, output_tokens, cost_usd } = result.usage;
  return (
    <FactGrid
      width={88}
      facts={{
        'Tokens in': formatNumber(input_tokens),
        'Tokens out': formatNumber(output_tokens),
        Cost: cost_usd === null ? 'no price known' : formatCost(cost_usd),
      }}
    />
  );
}
