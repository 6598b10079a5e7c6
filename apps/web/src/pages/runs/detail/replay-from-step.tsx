import { Button, Group, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { NeedsRole } from '../../../components/needs-role.js';
import { useRunActions } from '../use-run-actions.js';
import type { Trace } from './trace.js';

/** Takes a step and the later ones again, and says which calls that may repeat. */
export function ReplayFromStep({ trace, step }: { trace: Trace; step: number }) {
  const navigate = useNavigate();
  const { replay, isBusy } = useRunActions({
    onReplayed: (taskId) => void navigate({ to: '/runs/$taskId', params: { taskId } }),
  });
  // Names no calls: there may be more of them while someone reads, and nothing may move.
  const copied = step === 1 ? 'Nothing is copied' : 'Earlier steps are copied and not made again';
  return (
    <Group justify="space-between" gap="xs" py="xs">
      <Text size="sm" c="dimmed" flex={1} miw={200}>
        {copied}. The model may make the calls of this step and later ones again.
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
