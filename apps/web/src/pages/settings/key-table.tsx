import { Button, Code, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../../api/client.js';
import { askToConfirm } from '../../components/confirm.js';
import { NO_VALUE } from '../../components/format.js';
import { RowTable } from '../../components/row-table.js';
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
    <RowTable
      rows={keys}
      keyOf={({ id }) => id}
      columns={[
        { title: 'Name', isName: true, cell: ({ name }) => <KeyName name={name} /> },
        {
          title: 'Key',
          cell: ({ key_hint }) => <Code style={{ whiteSpace: 'nowrap' }}>…{key_hint}</Code>,
        },
        { title: 'Role', cell: ({ role }) => role },
        {
          title: 'Payloads',
          cell: ({ role, see_payloads }) => (role === 'admin' || see_payloads ? 'shown' : 'withheld'),
        },
        {
          title: 'Last used',
          cell: ({ last_used_at }) => (last_used_at ? <RelativeTime at={last_used_at} /> : 'never'),
        },
        { title: 'Expires', cell: ({ expires_at }) => <Ends at={expires_at} /> },
        {
          title: '',
          align: 'right',
          cell: (key) => (
            <Button
              size="compact-sm"
              variant="subtle"
              color="red"
              onClick={() => ask(key)}
              aria-label={`Revoke ${key.name}`}
            >
              Revoke
            </Button>
          ),
        },
      ]}
    />
  );
}

/** The name of a key, as its owner has written it. */
export const KeyName = ({ name }: { name: string }) => (
  <Text size="sm" fw={500} lineClamp={4} title={name} style={{ overflowWrap: 'anywhere' }}>
    <bdi dir="auto">{name}</bdi>
  </Text>
);

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
