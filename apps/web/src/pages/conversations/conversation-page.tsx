import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client.js';
import { askToConfirm } from '../../components/confirm.js';
import { eraseRuns } from '../../components/erase-runs.js';
import { ErrorState } from '../../components/error-state.js';
import { NeedsRole } from '../../components/needs-role.js';
import { Page } from '../../components/page.js';
import { Panel } from '../../components/panel.js';
import { ConversationFacts } from './conversation-facts.js';
import { ConversationKey } from './conversation-key.js';
import { ConversationRuns } from './conversation-runs.js';
import { ConversationTurns } from './conversation-turns.js';

const route = getRouteApi('/shell/conversations/$conversationId');

const REFRESH_MS = 3_000;

/** One conversation: what the next run sees, and the runs so far. */
export function ConversationPage() {
  const { conversationId: id } = route.useParams();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const params = { params: { path: { id } } };
  const { data, error } = api.useQuery('get', '/api/conversations/{id}', params, {
    refetchInterval: (query) => (query.state.status === 'error' ? false : REFRESH_MS),
  });
  const leave = async () => {
    await navigate({ to: '/conversations', search: {} });
    queryClient.removeQueries({ queryKey: ['get', '/api/conversations/{id}'] });
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/conversations'] });
  };
  const remove = api.useMutation('delete', '/api/conversations/{id}', { onSuccess: leave });
  const erase = useMutation({
    mutationFn: () => eraseRuns({ conversation_id: id }),
    onSuccess: ({ left }) => (left === 0 ? leave() : undefined),
  });
  const ask = () =>
    askToConfirm({
      title: 'Delete this conversation?',
      body: 'Its key and its turns are erased for good. Its runs stay. Open runs end without the deleted turns.',
      confirm: 'Delete',
      onConfirm: () => remove.mutate(params),
    });
  const askToErase = () =>
    askToConfirm({
      title: 'Erase this conversation with its runs?',
      body: 'All of it is erased for good: events, files, results, callbacks and turns. Open runs are cancelled.',
      confirm: 'Erase',
      onConfirm: () => erase.mutate(),
    });
  return (
    <Page
      title="Conversation"
      heading={
        <Title order={1} style={{ overflowWrap: 'anywhere' }} lineClamp={2}>
          {data ? <ConversationKey conversation={data} /> : 'Conversation'}
        </Title>
      }
      actions={
        data && (
          <Group gap="xs">
            <NeedsRole role="admin">
              <Button
                variant="default"
                leftSection={<IconTrash size={16} aria-hidden />}
                loading={remove.isPending}
                onClick={ask}
              >
                Delete
              </Button>
            </NeedsRole>
            <NeedsRole role="admin">
              <Button variant="default" loading={erase.isPending} onClick={askToErase}>
                Erase with runs
              </Button>
            </NeedsRole>
          </Group>
        )
      }
    >
      {error && <ErrorState error={error} />}
      {erase.error && <ErrorState error={erase.error} />}
      {!data && !error && <Skeleton h={240} />}
      {data && (
        <Stack>
          <ConversationFacts conversation={data} />
          <Panel title="Turns" description="What the next run sees before its own event, as far as it fits.">
            {data.turns === null ? (
              <Text size="sm" c="dimmed">
                Your API key may not see payloads.
              </Text>
            ) : (
              <ConversationTurns turns={data.turns} />
            )}
          </Panel>
          <Panel title="Runs" description="In order of arrival, while they are kept.">
            <ConversationRuns runs={data.tasks} />
          </Panel>
        </Stack>
      )}
    </Page>
  );
}
