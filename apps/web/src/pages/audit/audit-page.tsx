import { Button, Group, Paper, SimpleGrid, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconFilterOff, IconHistory, IconLock } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.js';
import { useSession } from '../../app/session.js';
import { EmptyState } from '../../components/empty-state.js';
import { ErrorState } from '../../components/error-state.js';
import { Page } from '../../components/page.js';
import { type AuditFilter, auditFilterOf } from './audit-filter.js';
import { AuditTable } from './audit-table.js';

const route = getRouteApi('/shell/audit');

const FIELDS: { field: keyof AuditFilter; label: string; placeholder: string }[] = [
  { field: 'actor', label: 'Who', placeholder: 'Name or id of a key' },
  { field: 'action', label: 'Action', placeholder: 'patchAgent' },
  { field: 'object', label: 'Object', placeholder: 'agent, or an id' },
];
/** How long a text rests before it is looked for, in ms. */
const RESTS_MS = 300;
const LISTED = 100;

/** Who changed what, for admins. */
export function AuditPage() {
  const { why } = useSession();
  const refused = why('admin');
  if (refused === undefined) return <AuditLog />;
  return (
    <Page title="Audit log">
      <EmptyState Icon={IconLock} title="Only an admin can read the audit log">
        {refused}
      </EmptyState>
    </Page>
  );
}

/** The log with a filter, which the URL keeps, and an export. */
function AuditLog() {
  const navigate = route.useNavigate();
  const [filter, setFilter] = useState<AuditFilter>(route.useSearch());
  const [cursors, setCursors] = useState<string[]>([]);
  const [settled] = useDebouncedValue(filter, RESTS_MS);
  useEffect(() => void navigate({ search: settled, replace: true }), [settled, navigate]);
  const set = auditFilterOf({ ...settled });
  const cursor = cursors.at(-1);
  const query = { limit: LISTED, ...set, ...(cursor !== undefined && { cursor }) };
  const { data, error } = api.useQuery('get', '/api/audit', { params: { query } });
  const exportAs = (format: string) => `/api/audit/export?${new URLSearchParams({ ...set, format })}`;
  const next = data?.next_cursor;
  return (
    <Page
      title="Audit log"
      actions={['ndjson', 'csv'].map((format) => (
        <Button
          key={format}
          component="a"
          href={exportAs(format)}
          variant="default"
          size="xs"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {format.toUpperCase()}
        </Button>
      ))}
    >
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {FIELDS.map(({ field, label, placeholder }) => (
            <TextInput
              key={field}
              label={label}
              placeholder={placeholder}
              maxLength={200}
              value={filter[field] ?? ''}
              onChange={({ currentTarget: { value } }) => {
                setFilter((before) => ({ ...before, [field]: value }));
                setCursors([]);
              }}
            />
          ))}
        </SimpleGrid>
        {error && <ErrorState error={error} />}
        {!data && !error && <Skeleton h={200} />}
        {data?.entries.length === 0 &&
          (Object.keys(set).length > 0 ? (
            <EmptyState Icon={IconFilterOff} title="No entry matches these filters">
              Names, actions and ids are compared as a whole.
            </EmptyState>
          ) : (
            <EmptyState Icon={IconHistory} title="Nothing was changed">
              Changes of agents, webhooks, keys and budgets, decisions and erasures appear here.
            </EmptyState>
          ))}
        {data && data.entries.length > 0 && (
          <Paper>
            <AuditTable entries={data.entries} />
          </Paper>
        )}
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            Entries are kept for 400 days.
          </Text>
          <Group gap="xs">
            {cursors.length > 0 && (
              <Button variant="default" size="xs" onClick={() => setCursors((all) => all.slice(0, -1))}>
                Newer
              </Button>
            )}
            {next && (
              <Button variant="default" size="xs" onClick={() => setCursors((all) => [...all, next])}>
                Older
              </Button>
            )}
          </Group>
        </Group>
      </Stack>
    </Page>
  );
}
