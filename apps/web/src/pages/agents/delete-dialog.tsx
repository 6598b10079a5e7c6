import { Button, Checkbox, Code, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, client, type Schema } from '../../api/client.js';
import { formatNumber } from '../../components/format.js';
import { useReturnFocus } from '../../components/use-return-focus.js';
import { useEraseRuns } from './use-erase-runs.js';

interface DeleteDialogProps {
  agent: Pick<Schema<'Agent'>, 'id' | 'name'>;
  onClose: () => void;
  onDeleted: () => void;
}

/** Deletes an agent after the user types its name and, on request, its runs. */
export default function DeleteDialog({ agent, onClose, onDeleted }: DeleteDialogProps) {
  useReturnFocus();
  const [typed, setTyped] = useState('');
  const [withRuns, setWithRuns] = useState(false);
  const erasing = useEraseRuns(agent.id);
  const queryClient = useQueryClient();
  const remove = api.useMutation('delete', '/api/agents/{id}', {
    onSuccess: async () => {
      // The agent is deleted either way. If erasing its runs fails, the user is told and can use the API.
      if (withRuns) await erasing.mutateAsync().catch(() => undefined);
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/agents'] });
      onDeleted();
    },
  });
  const { data: waiting = 0 } = useQuery({
    queryKey: ['waiting-calls', agent.id],
    queryFn: ({ signal }) => countWaiting(agent.id, signal),
    gcTime: 0,
  });
  const isSure = typed.trim() === agent.name.trim();
  return (
    <Modal opened onClose={onClose} title={`Delete ${agent.name}?`} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isSure) remove.mutate({ params: { path: { id: agent.id } } });
        }}
      >
        <Stack>
          <Text size="sm">
            Its webhook URL stops working at once, waiting tasks end with <Code>agent_unavailable</Code>, and
            its versions, documents and notes are deleted permanently. Results stay until they expire, unless
            you erase them too.
          </Text>
          {waiting > 0 && (
            <Text size="sm" fw={600}>
              {waiting === 1 ? '1 call waits' : `${formatNumber(waiting)} calls wait`} for a decision.{' '}
              {waiting === 1 ? 'Its task ends' : 'Their tasks end'} at once.
            </Text>
          )}
          <Checkbox
            label="Erase its runs too"
            description="Payloads, results and traces. Runs that have not ended are cancelled."
            checked={withRuns}
            onChange={({ currentTarget }) => setWithRuns(currentTarget.checked)}
          />
          <TextInput
            label={
              <>
                Type <b>{agent.name}</b> to delete it
              </>
            }
            value={typed}
            autoComplete="off"
            data-autofocus
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              color="red"
              disabled={!isSure}
              loading={remove.isPending || erasing.isPending}
            >
              Delete
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** How many calls of an agent wait for a decision. */
async function countWaiting(agent_id: string, signal: AbortSignal): Promise<number> {
  let count = 0;
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = { agent_id, limit: 100, ...(cursor !== undefined && { cursor }) };
    const { data, error } = await client.GET('/api/approvals', { params: { query }, signal });
    if (!data) throw error;
    count += data.approvals.length;
    cursor = data.next_cursor;
  }
  return count;
}
