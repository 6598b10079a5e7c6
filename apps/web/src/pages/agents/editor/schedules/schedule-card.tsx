import { ActionIcon, Badge, Collapse, Group, Paper, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconTrash } from '@tabler/icons-react';
import { lazy, Suspense, useId, useState } from 'react';
import type { Schema } from '../../../../api/client.js';
import { useDraft } from '../draft/use-draft.js';
import { type Schedule, summaryOf } from './schedule.js';

const ScheduleDetails = lazy(() => import('./schedule-details.js'));

interface ScheduleCardProps {
  agentId: string;
  schedule: Schedule;
  index: number;
  startsOpen: boolean;
  /** Undefined for a schedule that is not saved as it is shown. */
  state: Schema<'ScheduleState'> | undefined;
  onChange: (schedule: Schedule, at: string) => void;
  onRemove: () => void;
}

/** One schedule: a summary line, and below it its fields and its runs. */
export function ScheduleCard({ agentId, schedule, index, startsOpen, state, ...on }: ScheduleCardProps) {
  const { draft, readOnly } = useDraft();
  const [isOpen, setOpen] = useState(startsOpen);
  const id = useId();
  const at = `/schedules/${index}`;
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
            <Text fw={600} size="sm" truncate flex="0 0 auto" maw="50%" title={schedule.id}>
              {schedule.id || 'unnamed'}
            </Text>
            <Text size="sm" c="dimmed" truncate>
              {summaryOf(schedule)}
            </Text>
            <Mark schedule={schedule} isFaulty={isFaulty} isPaused={state?.paused_at != null} />
          </Group>
        </UnstyledButton>
        {!readOnly && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove ${schedule.id}`}
            onClick={on.onRemove}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      <Collapse expanded={isOpen} id={id} keepMounted={false}>
        <Suspense fallback={<Skeleton h={320} mt="xs" />}>
          <ScheduleDetails
            agentId={agentId}
            schedule={schedule}
            at={at}
            state={state}
            onChange={on.onChange}
          />
        </Suspense>
      </Collapse>
    </Paper>
  );
}

function Mark({
  schedule,
  isFaulty,
  isPaused,
}: {
  schedule: Schedule;
  isFaulty: boolean;
  isPaused: boolean;
}) {
  const [color, text] = isFaulty
    ? ['red', 'needs attention']
    : isPaused
      ? ['orange', 'paused']
      : ['gray', schedule.enabled ? '' : 'off'];
  return text === '' ? null : (
    <Badge color={color} variant="light" radius="sm" tt="none" miw="fit-content">
      {text}
    </Badge>
  );
}
