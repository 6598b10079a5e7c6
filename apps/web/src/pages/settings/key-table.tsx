import { Button, Code, Table, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../../api/client.js';
import { askToConfirm } from '../../components/confirm.js';
import { NO_VALUE } from '../../components/format.js';
import { RelativeTime } from '../../components/times.js';
import { useNow } from '../../components/use-now.js';

/** The stored keys, each with a button to revoke it. */
export function KeyTable({ keys }: { keys: Schema<'ApiKey'>[] }) {
  const queryClient = useQueryClient();
  const revoke = api.useMutation('delete', '/api/keys/{id}', {
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/keys'] }),
  });
  const ask = ({ id, name }: Schema<'ApiKey'>) =>
    askToConfirm({
      title: `Revoke the key of ${name}?`,
      body: 'It stops working at once, for programs that use it and browsers that signed in with it.',
      confirm: 'Revoke',
      onConfirm: () => revoke.mutate({ params: { path: { id } } }),
    });
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {['Name', 'Key', 'Role', 'Payloads', 'Last used', 'Expires'].map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
            <Table.Td aria-hidden />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>
                <Text size="sm" fw={500} lineClamp={2} title={key.name} style={{ overflowWrap: 'anywhere' }}>
                  <bdi dir="auto">{key.name}</bdi>
                </Text>
              </Table.Td>
              <Table.Td>
                <Code style={{ whiteSpace: 'nowrap' }}>…{key.key_hint}</Code>
              </Table.Td>
              <Table.Td>{key.role}</Table.Td>
              <Table.Td>{key.role === 'admin' || key.see_payloads ? 'shown' : 'withheld'}</Table.Td>
              <Table.Td>{key.last_used_at ? <RelativeTime at={key.last_used_at} /> : 'never'}</Table.Td>
              <Table.Td>
                <Ends at={key.expires_at} />
              </Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  onClick={() => ask(key)}
                  aria-label={`Revoke ${key.name}`}
                >
                  Revoke
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Ends({ at }: { at: string | null }) {
  const isOver = useNow((now) => at !== null && Date.parse(at) <= now);
  if (at === null) return NO_VALUE;
  return (
    <Text span size="sm" c={isOver ? 'red' : undefined}>
      {isOver && 'ended '}
      <RelativeTime at={at} />
    </Text>
  );
}
