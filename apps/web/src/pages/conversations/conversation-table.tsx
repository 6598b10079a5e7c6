import { Anchor, Badge, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schema } from '../../api/client.js';
import { formatNumber, NO_VALUE } from '../../components/format.js';
import { RowTable } from '../../components/row-table.js';
import { RelativeTime } from '../../components/times.js';
import { useAgentNames } from '../../components/use-agent-names.js';
import { ConversationKey } from './conversation-key.js';

type Conversation = Schema<'Conversation'>;

/** The conversations of a page, each with a link to it. */
export function ConversationTable({ conversations }: { conversations: Conversation[] }) {
  const agents = useAgentNames();
  return (
    <RowTable
      rows={conversations}
      keyOf={({ id }) => id}
      columns={[
        {
          title: 'Key',
          isName: true,
          cell: (conversation) => <KeyLink conversation={conversation} />,
        },
        {
          title: 'Agent',
          cell: ({ agent_id }) => (
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              <bdi dir="auto">{agents ? (agents.get(agent_id) ?? agent_id) : NO_VALUE}</bdi>
            </Text>
          ),
        },
        { title: 'Events', cell: ({ events }) => formatNumber(events) },
        { title: 'Open runs', cell: ({ open_tasks }) => formatNumber(open_tasks) },
        {
          title: 'Last event',
          noWrap: true,
          cell: ({ updated_at }) => <RelativeTime at={updated_at} />,
        },
      ]}
    />
  );
}

function KeyLink({ conversation }: { conversation: Conversation }) {
  return (
    <Group gap="xs" wrap="nowrap" maw={360}>
      <Anchor
        size="sm"
        fw={500}
        lineClamp={2}
        style={{ overflowWrap: 'anywhere' }}
        renderRoot={(props) => (
          <Link to="/conversations/$conversationId" params={{ conversationId: conversation.id }} {...props} />
        )}
      >
        <ConversationKey conversation={conversation} />
      </Anchor>
      {conversation.is_test && (
        <Badge variant="light" color="gray" tt="none" flex="none">
          test
        </Badge>
      )}
    </Group>
  );
}
