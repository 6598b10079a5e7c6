import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../../../../api/client.js';
import { ErrorState } from '../../../../components/error-state.js';
import { formatNumber } from '../../../../components/format.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { TextView } from '../../../../components/text-view.js';
import { RunLink } from '../run-link.js';

type Rejection = Schema<'Rejection'> | Schema<'WithheldRejection'>;

interface RejectionDetailsProps {
  agentId: string;
  rejection: Rejection;
}

/** Shows a rejected request and the reason, and can run it. */
export function RejectionDetails({ agentId, rejection }: RejectionDetailsProps) {
  return (
    <Stack gap="xs">
      {'redacted' in rejection ? (
        <Text size="sm" c="dimmed">
          Your API key may not see the request or the exact reason.
        </Text>
      ) : (
        <Content rejection={rejection} />
      )}
      {rejection.accepted ? (
        <Group gap="xs">
          <Text size="sm">The request was accepted later.</Text>
          <RunLink taskId={rejection.accepted.task_id} />
        </Group>
      ) : (
        <Accept agentId={agentId} rejection={rejection} />
      )}
    </Stack>
  );
}

function Content({ rejection }: { rejection: Schema<'Rejection'> }) {
  const { detail, errors = [], headers, body, body_bytes, truncated, method } = rejection;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value ?? '(not kept)'}`);
  return (
    <>
      <Alert color="red" p="xs">
        {detail}
        {errors.length > 0 && (
          <List size="sm">
            {errors.map(({ path, message }) => (
              <List.Item key={`${path} ${message}`}>
                {path} {message}
              </List.Item>
            ))}
          </List>
        )}
      </Alert>
      <TextView isCode text={`${method}\n${lines.join('\n')}`} what="headers" maxHeight={140} />
      <TextView isCode text={body === '' ? '(no body was kept)' : body} what="body" maxHeight={180} />
      {truncated && (
        <Text size="xs" c="dimmed">
          Only the beginning was kept{body_bytes !== null && ` of ${formatNumber(body_bytes)} bytes`}.
        </Text>
      )}
    </>
  );
}

function Accept({ agentId, rejection: { id, truncated } }: RejectionDetailsProps) {
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
      return queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/rejections'] });
    },
  });
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
          Accepting it skips the signature and rate checks, but not the input schema.
        </Text>
        <NeedsRole role="operator">
          <Button
            size="compact-sm"
            variant="default"
            loading={accept.isPending}
            leftSection={<IconPlayerPlay size={14} aria-hidden />}
            onClick={() => accept.mutate({ params: { path: { id: agentId, rejection_id: id } } })}
          >
            Accept and run
          </Button>
        </NeedsRole>
      </Group>
      {accept.error && <ErrorState error={accept.error} />}
    </>
  );
}
