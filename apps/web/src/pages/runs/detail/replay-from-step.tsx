import { Button, Group, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { NeedsRole } from '../../../components/needs-role.js';
import { useRunActions } from '../use-run-actions.js';
import type { ToolCall, Trace } from './trace.js';

/** Takes a step and the later ones again, and says which calls that may repeat. */
export function ReplayFromStep({ trace, step }: { trace: Trace; step: number }) {
  const navigate = useNavigate();
  const { replay, isBusy } = useRunActions({
    onReplayed: (taskId) => void navigate({ to: '/runs/$taskId', params: { taskId } }),
  });
  const calls = trace.steps.slice(step - 1).flatMap<ToolCall>((each) => each.tool_calls);
  const names = [...new Set(calls.map(({ name }) => name))];
  const copied = step === 1 ? 'Nothing is copied' : 'Earlier steps are copied and not made again';
  return (
    <Group justify="space-between" gap="xs" py="xs">
      <Text size="sm" c="dimmed" flex={1} miw={200}>
        {copied}
        {names.length === 0 ? '.' : `; the model may call ${names.join(', ')} again.`}
      </Text>
      <NeedsRole role="operator">
        <Button
          size="compact-sm"
          variant="default"
          loading={isBusy}
          onClick={() => replay(trace.task_id, 'current', step)}
        >
          Replay from step {step}
        </Button>
      </NeedsRole>
    </Group>
  );
}
