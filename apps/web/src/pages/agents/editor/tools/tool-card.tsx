import { ActionIcon, Badge, Collapse, Group, Paper, Skeleton, Text, UnstyledButton } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconChevronDown,
  IconChevronRight,
  IconTrash,
} from '@tabler/icons-react';
import { lazy, Suspense, useId, useState } from 'react';
import type { Tool } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import type { FieldSchema } from './field-kind.js';
import { summaryOf } from './tool-summary.js';

const ToolDetails = lazy(() => import('./tool-details.js'));

interface ToolCardProps {
  tool: Tool;
  index: number;
  count: number;
  title: string;
  /** Undefined for a type that this page does not know; it is edited as JSON. */
  schema: FieldSchema | undefined;
  startsOpen: boolean;
  onChange: (tool: Tool, at: string) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** One tool of the agent: a summary line, and below it a form or its JSON. */
export function ToolCard({ tool, index, count, title, schema, startsOpen, ...on }: ToolCardProps) {
  const { draft, readOnly } = useDraft();
  const [isOpen, setOpen] = useState(startsOpen);
  const id = useId();
  const at = `/tools/${index}`;
  const isFaulty = draft.issues.some(({ path }) => path === at || path.startsWith(`${at}/`));
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;

  return (
    <Paper p="xs" {...(isFaulty ? { style: { borderColor: 'var(--mantine-color-error)' } } : {})}>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <UnstyledButton
          flex={1}
          miw={0}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          <Group gap="xs" wrap="nowrap">
            <Chevron size={16} aria-hidden style={{ flex: 'none' }} />
            <Badge variant="light" color="gray" radius="sm" tt="none" fw={500} miw="fit-content">
              {title}
            </Badge>
            <Text fw={600} size="sm" truncate flex="0 0 auto" maw="60%" title={tool.name}>
              {tool.name || 'unnamed'}
            </Text>
            <Text size="sm" c="dimmed" truncate visibleFrom="xs">
              {summaryOf(tool)}
            </Text>
            {isFaulty && (
              <Badge color="red" variant="light" radius="sm" tt="none">
                needs attention
              </Badge>
            )}
          </Group>
        </UnstyledButton>
        {!readOnly && (
          <Group gap={0} wrap="nowrap">
            <ToolAction label={`Move ${tool.name} up`} disabled={index === 0} onClick={() => on.onMove(-1)}>
              <IconArrowUp size={16} aria-hidden />
            </ToolAction>
            <ToolAction
              label={`Move ${tool.name} down`}
              disabled={index === count - 1}
              onClick={() => on.onMove(1)}
            >
              <IconArrowDown size={16} aria-hidden />
            </ToolAction>
            <ToolAction label={`Remove ${tool.name}`} onClick={on.onRemove}>
              <IconTrash size={16} aria-hidden />
            </ToolAction>
          </Group>
        )}
      </Group>
      <Collapse expanded={isOpen} id={id} keepMounted={false}>
        <Suspense fallback={<Skeleton h={260} mt="xs" />}>
          <ToolDetails tool={tool} at={at} schema={schema} onChange={on.onChange} />
        </Suspense>
      </Collapse>
    </Paper>
  );
}

interface ToolActionProps {
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: React.ReactNode;
}

const ToolAction = ({ label, ...props }: ToolActionProps) => (
  <ActionIcon variant="subtle" color="gray" aria-label={label} {...props} />
);
