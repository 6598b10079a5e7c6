import { Anchor, Badge, Group, Paper, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schema } from '../../api/client.js';
import { RelativeTime } from '../../components/times.js';

/** One alert: what happened, when, by which rule, and where to look. */
export function AlertRow({ alert }: { alert: Schema<'Alert'> }) {
  const { text, rule, status, opened_at, resolved_at, resolution, task_id, agent_id } = alert;
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
          <bdi dir="auto">{text}</bdi>
        </Text>
        <Badge color={status === 'open' ? 'red.9' : 'gray.7'} style={{ flexShrink: 0 }}>
          {status === 'open' ? 'open' : resolution === 'rule_changed' ? 'rule changed' : 'over'}
        </Badge>
      </Group>
      <Group gap="md" mt={4}>
        <Text size="xs" c="dimmed" miw={0} style={{ overflowWrap: 'anywhere' }}>
          <bdi dir="auto">{rule}</bdi>
        </Text>
        <Text size="xs" c="dimmed">
          began <RelativeTime at={opened_at} />
        </Text>
        {resolved_at && (
          <Text size="xs" c="dimmed">
            ended <RelativeTime at={resolved_at} />
          </Text>
        )}
        {task_id && (
          <Anchor
            renderRoot={(props) => <Link to="/runs/$taskId" params={{ taskId: task_id }} {...props} />}
            size="xs"
            underline="always"
          >
            Run
          </Anchor>
        )}
        {agent_id && (
          <Anchor
            renderRoot={(props) => <Link to="/agents/$agentId" params={{ agentId: agent_id }} {...props} />}
            size="xs"
            underline="always"
          >
            Agent
          </Anchor>
        )}
      </Group>
    </Paper>
  );
}
