import { Center, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconLinkOff } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { api, type Schema } from '../../api/client.js';
import { isProblem } from '../../api/problem.js';
import { Logo } from '../../app/logo.js';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorState } from '../../components/error-state.js';
import { SharedRun } from './shared-run.js';

/** How often a run that has not ended is read again, in ms. */
const READ_MS = 5_000;

/** The page of a share link: one run, for people without a key. */
export function SharedPage() {
  const token = useLocation({ select: ({ hash }) => hash });
  const { data, error } = api.useQuery(
    'post',
    '/api/shared',
    { body: { token } },
    {
      enabled: token !== '',
      retry: false,
      refetchInterval: ({ state }) =>
        state.data && state.data.state.finished_at === null && !state.error ? READ_MS : false,
    },
  );
  const isGone = token === '' || (isProblem(error) && error.code === 'unknown_share');
  return (
    <Center component="main" id="main" p={{ base: 'sm', sm: 'xl' }}>
      <title>Shared run · AgentHook</title>
      <Stack w="100%" maw={860}>
        <Group gap="xs">
          <Logo size={24} />
          <Text fw={600}>AgentHook</Text>
        </Group>
        {isGone ? (
          <>
            <Title order={1}>This link shows nothing</Title>
            <EmptyState Icon={IconLinkOff} title="The link is unknown, has expired, or was revoked">
              Ask the person who gave it to you for a new one.
            </EmptyState>
          </>
        ) : error ? (
          <ErrorState error={error} />
        ) : data ? (
          // The client's types leave out fields that are always null.
          <SharedRun run={data as Schema<'SharedRun'>} />
        ) : (
          <Skeleton h={320} />
        )}
      </Stack>
    </Center>
  );
}
