import { Code, Group, List, Stack, Text } from '@mantine/core';
import type { Schema } from '../../api/client.js';
import { TextView } from '../../components/text-view.js';
import { RelativeTime } from '../../components/times.js';
import { RunLink } from './run-link.js';

type Turn = NonNullable<Schema<'ConversationDetail'>['turns']>[number];

const TEXT_HEIGHT = 220;

/** The turns of a conversation, oldest first. */
export function ConversationTurns({ turns }: { turns: Turn[] }) {
  if (turns.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No run has ended yet.
      </Text>
    );
  }
  return (
    <Stack component="ol" gap="lg" m={0} p={0} style={{ listStyle: 'none' }}>
      {turns.map((turn) => (
        <li key={turn.task_id}>
          <Stack gap={6}>
            <Group gap="xs" justify="space-between">
              <RunLink taskId={turn.task_id} />
              <Text size="sm" c="dimmed">
                <RelativeTime at={turn.at} />
              </Text>
            </Group>
            <TextView text={turn.user} what="User message" maxHeight={TEXT_HEIGHT} />
            {turn.tool_calls.length > 0 && (
              <List size="sm" spacing={2} aria-label="Tool calls">
                {turn.tool_calls.map(({ name, error }, n) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: calls of one turn have no other name
                  <List.Item key={n}>
                    Called {name}
                    {error !== null && ', which failed'}
                  </List.Item>
                ))}
              </List>
            )}
            {turn.error_code === undefined ? (
              <TextView text={turn.answer} what="Answer" maxHeight={TEXT_HEIGHT} />
            ) : (
              <Text size="sm">
                This run ended without an answer: <Code>{turn.error_code}</Code>
              </Text>
            )}
          </Stack>
        </li>
      ))}
    </Stack>
  );
}
