import { ActionIcon, Alert, Button, FileButton, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconTrash, IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../../../../api/client.js';
import { askToConfirm } from '../../../../components/confirm.js';
import { ErrorState } from '../../../../components/error-state.js';
import { formatNumber } from '../../../../components/format.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { RelativeTime } from '../../../../components/times.js';
import { useUploads } from './use-uploads.js';

/**
 * The texts that the agent's `documents` tools search. They belong to no version; changes take effect at
 * once.
 */
export function Documents({ agentId }: { agentId: string }) {
  const { data, error } = api.useQuery('get', '/api/agents/{id}/documents', {
    params: { path: { id: agentId } },
  });
  const { upload, doing, refused } = useUploads(agentId);

  return (
    <Stack gap="xs" component="section" aria-label="Documents">
      <Group justify="space-between" wrap="nowrap">
        <Title order={3} size="sm">
          Documents
        </Title>
        <FileButton
          multiple
          onChange={(files) => void upload(files)}
          inputProps={{ 'aria-label': 'Files to add' }}
        >
          {({ onClick }) => (
            <NeedsRole role="admin">
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconUpload size={14} aria-hidden />}
                loading={doing !== undefined}
                onClick={onClick}
              >
                Add files
              </Button>
            </NeedsRole>
          )}
        </FileButton>
      </Group>
      <Text size="xs" c="dimmed" role="status">
        {doing
          ? `Adding ${doing.name}${doing.of > 1 ? `, ${doing.number} of ${doing.of}` : ''}…`
          : 'Text, Markdown or PDF. Changes take effect at once, for every version of the agent.'}
      </Text>
      {refused.map(({ name, why }) => (
        <Alert key={name} color="red" p="xs" title={`${name} was not added`}>
          {why}
        </Alert>
      ))}
      {error && !data && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={28} />}
      {data?.documents.length === 0 && (
        <Text size="sm" c="dimmed">
          No documents yet: the tool finds nothing until you add some.
        </Text>
      )}
      {data?.documents.map((document) => (
        <DocumentRow key={document.id} agentId={agentId} document={document} />
      ))}
    </Stack>
  );
}

function DocumentRow({ agentId, document }: { agentId: string; document: Schema<'Document'> }) {
  const queryClient = useQueryClient();
  const { id, name, characters, created_at } = document;
  const remove = api.useMutation('delete', '/api/agents/{id}/documents/{document_id}', {
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/documents'] }),
  });
  const ask = () =>
    askToConfirm({
      title: `Remove ${name}?`,
      body: 'Its text is deleted. Runs no longer find it, from their next search on.',
      confirm: 'Remove',
      onConfirm: () => remove.mutate({ params: { path: { id: agentId, document_id: id } } }),
    });
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="sm" truncate flex={1} title={name}>
        {name}
      </Text>
      <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        {formatNumber(characters)} characters
      </Text>
      <Text size="sm" c="dimmed" visibleFrom="xs" w={84} ta="right" truncate>
        <RelativeTime at={created_at} />
      </Text>
      <NeedsRole role="admin">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Remove ${name}`}
          loading={remove.isPending}
          onClick={ask}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </NeedsRole>
    </Group>
  );
}
