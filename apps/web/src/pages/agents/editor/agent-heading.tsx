import { Anchor, Box, Group, Text, Textarea, TextInput, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { StatusBadge, statusOfAgent } from '../../../components/status-badge.js';
import { RelativeTime } from '../../../components/times.js';
import classes from './agent-heading.module.css';
import type { Agent } from './draft/draft.js';
import { useDraft } from './draft/use-draft.js';
import { agentQuery, isUnknownAgent } from './draft/use-save.js';
import { HistoryButton } from './history/history-button.js';
import { NewerNotice } from './newer-notice.js';
import { TagsField } from './tags-field.js';

/** The agent's name and description, editable in place, and its status. */
export function AgentHeading({ onReview }: { onReview: (newer: Agent) => void }) {
  const { draft, values, readOnly, set, errorAt } = useDraft();
  const { version, updated_at, saved_by } = draft.base;
  const { error } = useQuery(agentQuery(draft.base.id));
  return (
    <Box flex="1 1 320px" miw={0}>
      <VisuallyHidden component="h1">{draft.base.name}</VisuallyHidden>
      <Group gap={4} align="baseline">
        <Anchor renderRoot={(props) => <Link to="/agents" {...props} />} size="sm" c="dimmed">
          Agents
        </Anchor>
        <Text span c="dimmed" aria-hidden>
          /
        </Text>
        {/* One line that wraps, so that a long name is read whole. */}
        <Textarea
          flex="1 1 260px"
          miw={0}
          autosize
          minRows={1}
          maxRows={6}
          classNames={{ input: classes.name }}
          aria-label="Name"
          dir="auto"
          value={values.name}
          maxLength={200}
          readOnly={readOnly}
          error={errorAt('/name')}
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
          onChange={({ currentTarget }) => set('name', currentTarget.value.replace(/[\r\n]+/g, ' '))}
        />
      </Group>
      <Group gap="xs" mt={2}>
        <StatusBadge status={statusOfAgent(draft.base)} />
        {/* The time comes last and reserves the longest text's space, which also holds the notice of a
            newer version. */}
        <Box w={320} maw="100%" h={22}>
          {isUnknownAgent(error) ? (
            <Text size="sm" c="var(--mantine-color-error)" role="status" truncate>
              The agent was deleted: nothing can be saved
            </Text>
          ) : draft.newer ? (
            <NewerNotice newer={draft.newer} onReview={onReview} />
          ) : (
            <Text size="sm" c="dimmed" component="div" truncate>
              v{version}
              {saved_by && ` by ${saved_by}`} · saved <RelativeTime at={updated_at} />
            </Text>
          )}
        </Box>
        <HistoryButton />
        <TextInput
          flex="1 1 220px"
          classNames={{ input: classes.description }}
          aria-label="Description"
          placeholder={readOnly ? '' : 'Its purpose, for people'}
          value={values.description}
          maxLength={2000}
          readOnly={readOnly}
          error={errorAt('/description')}
          onChange={({ currentTarget }) => set('description', currentTarget.value)}
        />
      </Group>
      <TagsField />
    </Box>
  );
}
