import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../../../../api/client.js';
import { useOnce } from '../../../../api/use-once.js';
import { formatInZone } from '../../../../components/format.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { RelativeTime } from '../../../../components/times.js';
import { RunLink } from '../../webhook/run-link.js';

const OUTCOMES: Record<NonNullable<Schema<'ScheduleState'>['last_outcome']>['outcome'], string> = {
  ran: 'ran',
  filtered: 'did not run because of the filter',
  refused: 'was refused',
  skipped: 'was skipped',
  missed: 'was missed',
};

/** The next runs of a saved schedule in its time zone, the last one, and why it does not run, if so. */
export function ScheduleRuns({ agentId, state }: { agentId: string; state: Schema<'ScheduleState'> }) {
  const queryClient = useQueryClient();
  const { id, timezone, next_runs, last_task, last_outcome, paused_at, paused_reason } = state;
  const path = { id: agentId, schedule_id: id };
  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/schedules'] });
    return queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/schedules'] });
  };
  const run = api.useMutation('post', '/api/agents/{id}/schedules/{schedule_id}/run', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/tasks'] }),
  });
  const resume = api.useMutation('post', '/api/agents/{id}/schedules/{schedule_id}/resume', {
    onSuccess: refresh,
  });
  const once = useOnce();
  const runNow = () =>
    once(path, (header) => run.mutateAsync({ params: { path, header } })).catch(() => undefined); // shown
  return (
    <Stack gap="xs">
      {paused_reason !== null && (
        <Alert color={paused_at === null ? 'gray' : 'orange'} p="xs" role="status">
          <Group gap="xs" justify="space-between">
            <Text size="sm">{paused_reason}</Text>
            {paused_at !== null && (
              <NeedsRole role="operator">
                <Button
                  size="compact-sm"
                  variant="default"
                  loading={resume.isPending}
                  onClick={() => resume.mutate({ params: { path } })}
                >
                  Resume
                </Button>
              </NeedsRole>
            )}
          </Group>
        </Alert>
      )}
      {next_runs.length > 0 && (
        <div>
          <Text size="sm" fw={500} id={`next-${agentId}-${id}`}>
            Next runs
          </Text>
          <List size="sm" aria-labelledby={`next-${agentId}-${id}`}>
            {next_runs.map((at) => (
              <List.Item key={at}>
                {formatInZone(new Date(at), timezone)}
                {isSoon(at) && (
                  <>
                    {' '}
                    (<RelativeTime at={at} />)
                  </>
                )}
              </List.Item>
            ))}
          </List>
        </div>
      )}
      <Group gap="sm" justify="space-between">
        <Text size="sm" c="dimmed" component="div">
          {last_outcome === null ? (
            'It has not been due yet.'
          ) : (
            <>
              Last due <RelativeTime at={last_outcome.due_at} />: {OUTCOMES[last_outcome.outcome]}
              {last_outcome.detail !== null && ` (${last_outcome.detail})`}.
            </>
          )}{' '}
          {last_task && (
            <RunLink taskId={last_task.task_id} isInText>
              Open the last run
            </RunLink>
          )}
        </Text>
        {run.data && (
          <Text size="sm" component="div" role="status">
            {run.data.task_id === null ? (
              'The filter leaves its payload out.'
            ) : (
              <RunLink taskId={run.data.task_id} />
            )}
          </Text>
        )}
        <NeedsRole role="operator">
          <Button size="compact-sm" variant="default" loading={run.isPending} onClick={() => void runNow()}>
            Run now
          </Button>
        </NeedsRole>
      </Group>
    </Stack>
  );
}

const DAY_MS = 86_400_000;

/** Whether a time is less than a day away. Of a later one, a relative time would be the date again. */
const isSoon = (at: string): boolean => Date.parse(at) - Date.now() < DAY_MS;
