import { Button, Center, Group, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { EmptyState } from '../../../components/empty-state.js';
import { ErrorState } from '../../../components/error-state.js';
import { NeedsRole } from '../../../components/needs-role.js';
import { Page } from '../../../components/page.js';
import { useHeldRows } from '../../../components/use-held-rows.js';
import { AgentCards } from './agent-cards.js';
import { type AgentRow, inOrder, isSort, SORTS } from './agent-rows.js';
import { AgentTable } from './agent-table.js';
import { NoAgents } from './no-agents.js';
import { useAgentRows } from './use-agent-rows.js';

const route = getRouteApi('/shell/agents');
const NONE: readonly AgentRow[] = [];
const ORDERS = Object.entries(SORTS).map(([value, label]) => ({ value, label }));

/** Every agent with its activity in the last 24 hours. */
export function AgentListPage() {
  const { q = '', sort = 'newest' } = route.useSearch();
  const { rows, list, isCounting, statsError } = useAgentRows(q, sort);
  const navigate = route.useNavigate();
  const isPhone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const { rows: shown, around } = useHeldRows(rows ? inOrder(rows, sort) : NONE, ({ agent }) => agent.id, {
    isWhole: true,
    of: `${sort} ${q}`,
  });
  const Rows = isPhone ? AgentCards : AgentTable;

  return (
    <Page
      title="Agents"
      actions={
        <NeedsRole role="admin">
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/agents/new" {...props} />}
          >
            New agent
          </Button>
        </NeedsRole>
      }
    >
      {list.error && <ErrorState error={list.error} />}
      {statsError && <ErrorState error={statsError} />}
      {!rows && !list.error && <Skeleton h={320} />}
      {rows?.length === 0 && !q && <NoAgents />}
      {rows && (rows.length > 0 || q) && (
        <Stack>
          <Group gap="sm">
            <TextInput
              flex="1 1 200px"
              maw={{ base: 'none', xs: 360 }}
              type="search"
              aria-label="Search agents"
              placeholder="Name, description, model or tag"
              leftSection={<IconSearch size={16} aria-hidden />}
              value={q}
              onChange={({ currentTarget: { value } }) =>
                void navigate({ search: (before) => ({ ...before, q: value || undefined }), replace: true })
              }
            />
            <Select
              flex={{ base: '1 1 190px', xs: 'none' }}
              w={190}
              aria-label="Order"
              data={ORDERS}
              value={sort}
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
              onChange={(value) =>
                isSort(value) &&
                void navigate({ search: (before) => ({ ...before, sort: value }), replace: true })
              }
            />
          </Group>
          {shown.length > 0 ? (
            <div ref={around} data-newest-first>
              <Rows rows={shown} isLoading={isCounting} />
            </div>
          ) : (
            <EmptyState Icon={IconSearch} title={`No agent matches “${q}”`}>
              Try another word.
            </EmptyState>
          )}
          {list.hasNextPage && (
            <Center>
              <Group>
                <Text size="sm" c="dimmed">
                  {rows.length} loaded
                </Text>
                <Button
                  variant="default"
                  loading={list.isFetchingNextPage}
                  onClick={() => void list.fetchNextPage()}
                >
                  Load more
                </Button>
              </Group>
            </Center>
          )}
        </Stack>
      )}
    </Page>
  );
}
