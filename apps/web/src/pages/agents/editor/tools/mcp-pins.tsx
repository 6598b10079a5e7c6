import { Alert, Badge, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../../../../api/client.js';
import { ErrorState } from '../../../../components/error-state.js';
import { JsonView } from '../../../../components/json-view.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { RelativeTime } from '../../../../components/times.js';

type Server = Schema<'McpPins'>['servers'][number];
type PinnedTool = Server['tools'][number];

const COLORS: Record<PinnedTool['state'], string> = {
  pinned: 'gray',
  changed: 'orange',
  new: 'blue',
  gone: 'gray',
};

/**
 * The pinned tools of an MCP server, and how the current ones differ. They belong to the saved agent, not to
 * the draft.
 */
export function McpPins({ agentId, tool }: { agentId: string; tool: string }) {
  const { data, error } = api.useQuery('get', '/api/agents/{id}/mcp-tools', {
    params: { path: { id: agentId } },
  });
  const server = data?.servers.find((each) => each.tool === tool);
  if (error && !data) return <ErrorState error={error} />;
  if (!server) return null;
  const changes = server.tools.filter(({ state }) => state !== 'pinned');
  return (
    <Stack gap="xs" component="section" aria-label={`Pinned tools of ${tool}`}>
      <Title order={3} size="sm">
        Pinned tools
      </Title>
      <Text size="xs" c="dimmed">
        {server.pinned_at === null ? (
          'The first run pins the names, descriptions and schemas of the server’s tools.'
        ) : (
          <>
            {server.tools.length - changes.length} as they were pinned <RelativeTime at={server.pinned_at} />
          </>
        )}
      </Text>
      {server.revision !== null && changes.length > 0 && (
        <Changes agentId={agentId} tool={tool} revision={server.revision} changes={changes} />
      )}
    </Stack>
  );
}

interface ChangesProps {
  agentId: string;
  tool: string;
  revision: string;
  changes: PinnedTool[];
}

function Changes({ agentId, tool, revision, changes }: ChangesProps) {
  const queryClient = useQueryClient();
  const accept = api.useMutation('post', '/api/agents/{id}/mcp-tools/accept', {
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/mcp-tools'] }),
  });
  return (
    <Alert color="orange" title="The server’s tools differ from the pinned ones" p="sm">
      <Stack gap="sm">
        <Text size="sm">
          Changed and new tools are not offered to the model until you accept them. Read their texts first:
          they become part of the prompt.
        </Text>
        {changes.map((change) => (
          <Change key={change.name} change={change} />
        ))}
        {accept.error && <ErrorState error={accept.error} />}
        <NeedsRole role="admin">
          <Button
            size="compact-sm"
            w="fit-content"
            loading={accept.isPending}
            onClick={() => accept.mutate({ params: { path: { id: agentId } }, body: { tool, revision } })}
          >
            Accept these tools
          </Button>
        </NeedsRole>
      </Stack>
    </Alert>
  );
}

function Change({ change: { name, state, pinned, current } }: { change: PinnedTool }) {
  return (
    <Stack gap={4}>
      <Group gap="xs" wrap="nowrap">
        <Badge color={COLORS[state]} variant="light" radius="sm" tt="none" miw="fit-content">
          {state}
        </Badge>
        <Text size="sm" fw={600} truncate title={name}>
          {name}
        </Text>
      </Group>
      <SimpleGrid cols={{ base: 1, sm: pinned && current ? 2 : 1 }} spacing="xs">
        {pinned && <JsonView value={pinned} what={`${name}, pinned`} maxHeight={240} />}
        {current && <JsonView value={current} what={`${name}, current`} maxHeight={240} />}
      </SimpleGrid>
    </Stack>
  );
}
