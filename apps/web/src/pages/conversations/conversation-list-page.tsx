import { Button, Center, Paper, Skeleton } from '@mantine/core';
import { IconMessages } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client.js';
import { AgentSelect } from '../../components/agent-select.js';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorState } from '../../components/error-state.js';
import { Page } from '../../components/page.js';
import { ConversationTable } from './conversation-table.js';

const route = getRouteApi('/shell/conversations');

const PAGE = 50;
const REFRESH_MS = 5_000;

/** Every conversation of an agent or of all, the one with the latest event first. */
export function ConversationListPage() {
  const { agent } = route.useSearch();
  const navigate = useNavigate();
  const list = api.useInfiniteQuery(
    'get',
    '/api/conversations',
    { params: { query: { limit: PAGE, ...(agent !== undefined && { agent_id: agent }) } } },
    {
      // null is left out of the URL.
      initialPageParam: null,
      getNextPageParam: ({ next_cursor }) => next_cursor,
      refetchInterval: REFRESH_MS,
    },
  );
  const conversations = list.data?.pages.flatMap((page) => page.conversations);
  return (
    <Page
      title="Conversations"
      actions={
        <AgentSelect
          value={agent}
          onChange={(chosen) =>
            void navigate({ to: '/conversations', search: chosen ? { agent: chosen } : {}, replace: true })
          }
        />
      }
    >
      {list.error && <ErrorState error={list.error} />}
      {!conversations && !list.error && <Skeleton h={240} />}
      {conversations?.length === 0 && (
        <Paper>
          <EmptyState
            Icon={IconMessages}
            title={agent === undefined ? 'No conversations' : 'No conversation of this agent'}
          >
            Events continue one if their agent has a conversation key. Set it on the agent’s page, under
            Events.
          </EmptyState>
        </Paper>
      )}
      {conversations && conversations.length > 0 && (
        <Paper p={0}>
          <ConversationTable conversations={conversations} />
        </Paper>
      )}
      {list.hasNextPage && (
        <Center>
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Load more
          </Button>
        </Center>
      )}
    </Page>
  );
}
