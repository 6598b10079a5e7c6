import { Group, Paper, SegmentedControl, Skeleton, Text, Title } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { api, type Schema } from '../../api/client.js';
import { ErrorState } from '../../components/error-state.js';
import { useAgentNames } from '../../components/use-agent-names.js';
import type { Kind } from './behind.js';
import { BreakdownTable, type Row } from './breakdown-table.js';
import { groupedStatsOf, type RangeValue } from './range.js';

const KINDS: { value: Kind; label: string }[] = [
  { value: 'agent', label: 'Agents' },
  { value: 'sender', label: 'Senders' },
  { value: 'model', label: 'Models' },
  { value: 'error_code', label: 'Error codes' },
];

const route = getRouteApi('/shell/');
const REFRESH_MS = 20_000;
/** How many rows are shown at first; the api has them in order. */
const HEIGHT = 220;

interface BreakdownProps {
  range: RangeValue;
  now: number;
  /** The only agent that is counted. */
  agent: string | undefined;
}

/** The counts of each agent, sender, model or error code in the range. */
export function Breakdown({ range, now, agent }: BreakdownProps) {
  const { by: chosen = 'agent' } = route.useSearch();
  // One agent alone is compared with none.
  const kinds = agent === undefined ? KINDS : KINDS.filter(({ value }) => value !== 'agent');
  const by = agent !== undefined && chosen === 'agent' ? 'model' : chosen;
  const navigate = route.useNavigate();
  const only = agent === undefined ? {} : { agent_id: [agent] };
  const query = { ...groupedStatsOf(range, now), ...only, group_by: by };
  const { data, error } = api.useQuery(
    'get',
    '/api/stats',
    { params: { query } },
    { placeholderData: keepPreviousData, refetchInterval: REFRESH_MS },
  );
  const names = useAgentNames();
  const rows = data && rowsOf(data, by, names);
  return (
    <Paper component="section" p="sm" aria-label="Compared">
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} size="sm">
          Compared
        </Title>
        <SegmentedControl
          size="xs"
          aria-label="Compare"
          data={kinds}
          value={by}
          onChange={(value) =>
            void navigate({ search: (before) => ({ ...before, by: value as Kind }), replace: true })
          }
        />
      </Group>
      {error && !data && <ErrorState error={error} />}
      {!rows && !error && <Skeleton h={HEIGHT} />}
      {rows?.length === 0 && (
        <Text size="sm" c="dimmed" mih={HEIGHT}>
          {by === 'error_code'
            ? 'No run failed in this time, and no request was refused.'
            : 'Nothing in this time.'}
        </Text>
      )}
      {rows && rows.length > 0 && <BreakdownTable kind={by} rows={rows} stats={data} agent={agent} />}
    </Paper>
  );
}

function rowsOf(
  { agents, groups }: Schema<'Stats'>,
  kind: Kind,
  names: ReadonlyMap<string, string> | undefined,
): Row[] | undefined {
  // While another kind is loading, the answer is that of the previous one.
  if (kind !== 'agent')
    return groups?.map(({ name, totals }) => ({ name, label: labelOf(kind, name), counts: totals }));
  return agents
    ?.filter(({ totals: { triggered, rejected, filtered, succeeded, failed } }) =>
      [triggered, rejected, filtered, succeeded, failed].some((count) => count > 0),
    )
    .map(({ agent_id, totals }) => ({
      name: agent_id,
      label: names?.get(agent_id) ?? agent_id,
      counts: totals,
    }));
}

const labelOf = (kind: Kind, name: string): string =>
  name === 'other' ? 'all others' : kind === 'sender' && name === 'none' ? 'no known sender' : name;
