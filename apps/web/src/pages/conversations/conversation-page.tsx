import { Button, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client.js';
import { askToConfirm } from '../../components/confirm.js';
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
  const remove = api.useMutation('delete', '/api/conversations/{id}', {
    onSuccess: async () => {
      await navigate({ to: '/conversations', search: {} });
      queryClient.removeQueries({ queryKey: ['get', '/api/conversations/{id}'] });
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/conversations'] });
    },
  });
  const ask = () =>
    askToConfirm({
      title: 'Delete this conversation?',
      body: 'Its key and its turns are erased for good. Its runs stay. Open runs end without the deleted turns.',
      confirm: 'Delete',
      onConfirm: () => remove.mutate(params),
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
        )
      }
    >
      {error && <ErrorState error={error} />}
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
