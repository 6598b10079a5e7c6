import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../../../api/client.js';
import { formatCount } from '../../../components/format.js';
import { NeedsRole } from '../../../components/needs-role.js';
import { RelativeTime } from '../../../components/times.js';
import { RunLink } from '../webhook/run-link.js';
import { agentQuery } from './draft/use-save.js';

/** Says why the agent is paused, and ends the pause. */
export function PausedNotice({ agentId, paused }: { agentId: string; paused: Schema<'AgentPause'> }) {
  const queryClient = useQueryClient();
  const resume = api.useMutation('post', '/api/agents/{id}/resume', {
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: agentQuery(agentId).queryKey });
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/tasks'] });
    },
  });
  return (
    <Alert color="orange" role="status" icon={<IconPlayerPause aria-hidden />} title="This agent is paused">
      <Stack gap="xs" align="flex-start">
        {paused.reason === 'by_person' ? <ByPerson paused={paused} /> : <ByBreaker paused={paused} />}
        <NeedsRole role="operator">
          <Button
            size="compact-sm"
            variant="default"
            loading={resume.isPending}
            onClick={() => resume.mutate({ params: { path: { id: agentId } } })}
          >
            Resume
          </Button>
        </NeedsRole>
      </Stack>
    </Alert>
  );
}

function ByBreaker({ paused: { at, max_per_minute = 0, task_id } }: { paused: Schema<'AgentPause'> }) {
  return (
    <Text size="sm" component="div">
      Its breaker allows {formatCount(max_per_minute, 'run')} a minute about the same thing; there were more (
      <RelativeTime at={at} />
      {task_id !== undefined && (
        <>
          , <RunLink taskId={task_id} isInText />
        </>
      )}
      ). Events are stored and wait; tests and replays run. If it answers itself, ignore its own account under
      Filter and cancel the runs that wait, then resume it.
    </Text>
  );
}

function ByPerson({ paused: { at, by, note } }: { paused: Schema<'AgentPause'> }) {
  return (
    <Text size="sm" component="div">
      {by ? `${by} has paused it` : 'Somebody has paused it'} (<RelativeTime at={at} />)
      {note ? `: ${note}` : '.'} Events are stored and wait; tests run.
    </Text>
  );
}
