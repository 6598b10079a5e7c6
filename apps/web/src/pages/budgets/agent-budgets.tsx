import { Anchor, Paper, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client.js';
import { ErrorState } from '../../components/error-state.js';
import { Panel } from '../../components/panel.js';
import { useAgentNames } from '../../components/use-agent-names.js';
import { LimitBars } from './limit-bars.js';

/** The api's largest page. */
const LISTED = 100;

/** The agents that have a budget of their own. */
export function AgentBudgets({ readMs }: { readMs: number }) {
  const names = useAgentNames();
  const { data, error } = api.useQuery(
    'get',
    '/api/budget/agents',
    { params: { query: { limit: LISTED } } },
    { refetchInterval: readMs },
  );
  return (
    <Panel title="Agents" description="An agent’s budget is set on its page, below Limits.">
      {error && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={120} />}
      {data?.agents.length === 0 && (
        <Text size="sm" c="dimmed">
          No agent has a budget of its own.
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {data?.agents.map(({ agent_id = '', ...state }) => (
          <Paper key={agent_id} withBorder p="sm">
            <Anchor
              renderRoot={(props) => <Link to="/agents/$agentId" params={{ agentId: agent_id }} {...props} />}
              fw={500}
              mb="xs"
              display="block"
            >
              <bdi dir="auto">{names?.get(agent_id) ?? agent_id}</bdi>
            </Anchor>
            <LimitBars {...state} />
          </Paper>
        ))}
      </SimpleGrid>
      {data?.next_cursor && (
        <Text size="sm" c="dimmed" mt="sm">
          These are the first {LISTED}; the API lists the others.
        </Text>
      )}
    </Panel>
  );
}
