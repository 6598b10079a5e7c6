import { Box, Code, Group, Paper, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { FactGrid } from '../../../components/fact-grid.js';
import { StatusBadge, statusOfAgent } from '../../../components/status-badge.js';
import { FailureRate, LastRun, RunCount, RunsByHour } from './agent-activity.js';
import classes from './agent-list.module.css';
import { AgentMenu } from './agent-menu.js';
import type { AgentRow } from './agent-rows.js';
import type { AgentRowsProps } from './agent-table.js';

/** One card per agent, for narrow screens. */
export function AgentCards({ rows, isLoading }: AgentRowsProps) {
  return (
    <Stack component="ul" gap="sm" m={0} p={0} aria-label="Agents" style={{ listStyle: 'none' }}>
      {rows.map((row) => (
        <Card key={row.agent.id} row={row} isLoading={isLoading} />
      ))}
    </Stack>
  );
}

function Card({ row: { agent, activity }, isLoading }: { row: AgentRow; isLoading: boolean }) {
  return (
    <Paper component="li" p="sm" className={classes.card}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <Text fw={600} lineClamp={2} miw={0} component="div" style={{ overflowWrap: 'anywhere' }}>
          <Link className={classes.link} to="/agents/$agentId" params={{ agentId: agent.id }}>
            <bdi dir="auto">{agent.name}</bdi>
          </Link>
        </Text>
        <AgentMenu agent={agent} />
      </Group>
      <Code maw="100%" display="block" w="fit-content" mb={6} className={classes.model}>
        {agent.model}
      </Code>
      <Group gap="xs" mb="xs" wrap="nowrap">
        <StatusBadge status={statusOfAgent(agent)} />
        <Box ml="auto" lh={0}>
          <RunsByHour activity={activity} isLoading={isLoading} />
        </Box>
      </Group>
      <FactGrid
        width={80}
        facts={{
          'Runs in 24 h': <RunCount activity={activity} isLoading={isLoading} />,
          Failed: <FailureRate activity={activity} isLoading={isLoading} />,
          'Last run': <LastRun activity={activity} isLoading={isLoading} />,
        }}
      />
    </Paper>
  );
}
