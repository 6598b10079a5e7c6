import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../../../../api/client.js';
import { ErrorState } from '../../../../components/error-state.js';
import { formatNumber } from '../../../../components/format.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { TextView } from '../../../../components/text-view.js';
import { RunLink } from '../run-link.js';

type Kept = Pick<Schema<'Rejection'>, 'method' | 'headers' | 'query' | 'body' | 'body_bytes' | 'truncated'>;

/** The headers and the body of a request that created no task. */
export function KeptRequest({
  event: { method, headers, query = {}, body, body_bytes, truncated },
}: {
  event: Kept;
}) {
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value ?? '(not kept)'}`);
  return (
    <>
      <TextView
        isCode
        text={`${[method, ...parameters].join(' ')}\n${lines.join('\n')}`}
        what="headers"
        maxHeight={140}
      />
      <TextView isCode text={body === '' ? '(no body was kept)' : body} what="body" maxHeight={180} />
      {truncated && (
        <Text size="xs" c="dimmed">
          Only the beginning was kept{body_bytes !== null && ` of ${formatNumber(body_bytes)} bytes`}.
        </Text>
      )}
    </>
  );
}

interface AcceptProps {
  agentId: string;
  event: Pick<Schema<'WithheldRejection'>, 'id' | 'truncated' | 'accepted'>;
  label: string;
  /** Which checks it skips. */
  notice: string;
}

/** Runs an event that created no task, or shows the run that was created from it. */
export function Accept({ agentId, event: { id, truncated, accepted }, label, notice }: AcceptProps) {
  const queryClient = useQueryClient();
  const accept = api.useMutation('post', '/api/agents/{id}/rejections/{rejection_id}/accept', {
    meta: { quiet: true },
    onSuccess: () => {
      notifications.show({
        color: 'green',
        title: 'Run started',
        message: 'The request was accepted.',
      });
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/tasks'] });
      for (const list of ['/api/agents/{id}/filtered', '/api/rejections', '/api/filtered'])
        void queryClient.invalidateQueries({ queryKey: ['get', list] });
      return queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/rejections'] });
    },
  });
  if (accepted) {
    return (
      <Group gap="xs">
        <Text size="sm">The request was accepted later.</Text>
        <RunLink taskId={accepted.task_id} />
      </Group>
    );
  }
  if (truncated) {
    return (
      <Text size="sm" c="dimmed">
        It cannot be run, because part of it was not kept.
      </Text>
    );
  }
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          {notice}
        </Text>
        <NeedsRole role="operator">
          <Button
            size="compact-sm"
            variant="default"
            loading={accept.isPending}
            leftSection={<IconPlayerPlay size={14} aria-hidden />}
            onClick={() => accept.mutate({ params: { path: { id: agentId, rejection_id: id } } })}
          >
            {label}
          </Button>
        </NeedsRole>
      </Group>
      {accept.error && <ErrorState error={accept.error} />}
    </>
  );
}
