import { Badge, Button, Skeleton, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../../api/client.js';
import { useSession } from '../../app/session.js';
import { askToConfirm } from '../../components/confirm.js';
import { ErrorState } from '../../components/error-state.js';
import { Panel } from '../../components/panel.js';
import { RowTable } from '../../components/row-table.js';
import { RelativeTime } from '../../components/times.js';
import { KeyName } from './key-table.js';

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
    <RowTable
      rows={sessions}
      keyOf={({ id }) => id}
      columns={[
        { title: 'Key', isName: true, cell: ({ name }) => <KeyName name={name} /> },
        { title: 'Role', cell: ({ role }) => role },
        { title: 'Signed in', cell: ({ started_at }) => <RelativeTime at={started_at} /> },
        { title: 'Last used', cell: ({ last_used_at }) => <RelativeTime at={last_used_at} /> },
        { title: 'Expires', cell: ({ expires_at }) => <RelativeTime at={expires_at} /> },
        {
          title: '',
          align: 'right',
          cell: (session) =>
            session.current ? (
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
            ),
        },
      ]}
    />
  );
}
