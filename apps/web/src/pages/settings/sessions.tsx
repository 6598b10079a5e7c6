import { Badge, Button, Skeleton, Table, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../../api/client.js';
import { useSession } from '../../app/session.js';
import { askToConfirm } from '../../components/confirm.js';
import { ErrorState } from '../../components/error-state.js';
import { Panel } from '../../components/panel.js';
import { RelativeTime } from '../../components/times.js';

/** The api's largest page. */
const LISTED = 100;

/** The signed-in browsers, each with a button to sign it out. */
export function Sessions() {
  const { can } = useSession();
  const { data, error } = api.useQuery('get', '/api/sessions', { params: { query: { limit: LISTED } } });
  return (
    <Panel
      title="Sessions"
      description={
        `Signed-in browsers${can('admin') ? '' : ' with your key'}. A session expires 12 hours after ` +
        'its last use, at most 7 days after sign-in.'
      }
    >
      {error && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={120} />}
      {data && <SessionTable sessions={data.sessions} />}
      {data?.next_cursor && (
        <Text size="sm" c="dimmed">
          These are the newest {LISTED}; the API lists the others.
        </Text>
      )}
    </Panel>
  );
}

function SessionTable({ sessions }: { sessions: Schema<'ListedSession'>[] }) {
  const queryClient = useQueryClient();
  const revoke = api.useMutation('delete', '/api/sessions/{id}', {
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/sessions'] }),
  });
  const ask = ({ id, name }: Schema<'ListedSession'>) =>
    askToConfirm({
      title: `Sign out the session of ${name}?`,
      body: 'That browser is signed out at once. The key stays valid and can sign in again.',
      confirm: 'Sign out',
      onConfirm: () => revoke.mutate({ params: { path: { id } } }),
    });
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {['Key', 'Role', 'Signed in', 'Last used', 'Expires'].map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
            <Table.Td aria-hidden />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sessions.map((session) => (
            <Table.Tr key={session.id}>
              <Table.Td>
                <Text
                  size="sm"
                  fw={500}
                  lineClamp={2}
                  title={session.name}
                  style={{ overflowWrap: 'anywhere' }}
                >
                  {session.name}
                </Text>
              </Table.Td>
              <Table.Td>{session.role}</Table.Td>
              <Table.Td>
                <RelativeTime at={session.started_at} />
              </Table.Td>
              <Table.Td>
                <RelativeTime at={session.last_used_at} />
              </Table.Td>
              <Table.Td>
                <RelativeTime at={session.expires_at} />
              </Table.Td>
              <Table.Td ta="right">
                {session.current ? (
                  <Badge variant="light" color="gray" miw="max-content">
                    this one
                  </Badge>
                ) : (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    onClick={() => ask(session)}
                    aria-label={`Sign out ${session.name}`}
                  >
                    Sign out
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
