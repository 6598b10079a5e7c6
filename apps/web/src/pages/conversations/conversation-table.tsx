import { Anchor, Badge, Group, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schema } from '../../api/client.js';
import { formatNumber, NO_VALUE } from '../../components/format.js';
import { RelativeTime } from '../../components/times.js';
import { useAgentNames } from '../../components/use-agent-names.js';
import { ConversationKey } from './conversation-key.js';

/** The conversations of a page, each with a link to it. */
export function ConversationTable({ conversations }: { conversations: Schema<'Conversation'>[] }) {
  const agents = useAgentNames();
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {['Key', 'Agent', 'Events', 'Open runs', 'Last event'].map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {conversations.map((conversation) => (
            <Table.Tr key={conversation.id}>
              <Table.Td maw={360}>
                <Group gap="xs" wrap="nowrap">
                  <Anchor
                    size="sm"
                    fw={500}
                    lineClamp={2}
                    style={{ overflowWrap: 'anywhere' }}
                    renderRoot={(props) => (
                      <Link
                        to="/conversations/$conversationId"
                        params={{ conversationId: conversation.id }}
                        {...props}
                      />
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
              </Table.Td>
              <Table.Td maw={220}>
                <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                  <bdi dir="auto">
                    {agents ? (agents.get(conversation.agent_id) ?? conversation.agent_id) : NO_VALUE}
                  </bdi>
                </Text>
              </Table.Td>
              <Table.Td>{formatNumber(conversation.events)}</Table.Td>
              <Table.Td>{formatNumber(conversation.open_tasks)}</Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <RelativeTime at={conversation.updated_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
