import { Box, Code, Paper, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { StatusBadge, statusOfAgent } from '../../../components/status-badge.js';
import { FailureRate, LastRun, RunCount, RunsByHour } from './agent-activity.js';
import classes from './agent-list.module.css';
import { AgentMenu } from './agent-menu.js';
import type { AgentRow } from './agent-rows.js';

export interface AgentRowsProps {
  rows: readonly AgentRow[];
  /** Whether counts are still loading. */
  isLoading: boolean;
}

/** One row per agent, for wide screens. */
export function AgentTable({ rows, isLoading }: AgentRowsProps) {
  return (
    <Paper p={0}>
      <Table.ScrollContainer minWidth={740}>
        <Table className={classes.table} layout="fixed" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th w={122}>Status</Table.Th>
              <Table.Th className={classes.modelColumn}>Model</Table.Th>
              <Table.Th w={90} ta="right">
                Runs, 24 h
              </Table.Th>
              <Table.Th w={124} visibleFrom="lg">
                By hour
              </Table.Th>
              <Table.Th w={76} ta="right">
                Failed
              </Table.Th>
              <Table.Th w={116}>Last run</Table.Th>
              <Table.Td w={56} aria-hidden />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ agent, activity }) => (
              <Table.Tr key={agent.id} className={classes.row}>
                <Table.Th scope="row">
                  <Box className={classes.name}>
                    <Text
                      fw={600}
                      size="sm"
                      lineClamp={4}
                      title={agent.name}
                      style={{ overflowWrap: 'anywhere' }}
                    >
                      <Link className={classes.link} to="/agents/$agentId" params={{ agentId: agent.id }}>
                        <bdi dir="auto">{agent.name}</bdi>
                      </Link>
                    </Text>
                    <Text size="xs" c="dimmed" fw={400} lineClamp={1} style={{ wordBreak: 'break-all' }}>
                      {agent.description}
                    </Text>
                  </Box>
                </Table.Th>
                <Table.Td>
                  <StatusBadge status={statusOfAgent(agent)} />
                </Table.Td>
                <Table.Td>
                  <Code className={classes.wraps} title={agent.model}>
                    {agent.model}
                  </Code>
                </Table.Td>
                <Table.Td ta="right">
                  <RunCount activity={activity} isLoading={isLoading} />
                </Table.Td>
                <Table.Td visibleFrom="lg">
                  <RunsByHour activity={activity} isLoading={isLoading} />
                </Table.Td>
                <Table.Td ta="right">
                  <FailureRate activity={activity} isLoading={isLoading} />
                </Table.Td>
                <Table.Td>
                  <LastRun activity={activity} isLoading={isLoading} />
                </Table.Td>
                <Table.Td ta="right">
                  <AgentMenu agent={agent} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
