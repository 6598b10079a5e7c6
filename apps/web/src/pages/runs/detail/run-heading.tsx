import { ActionIcon, Anchor, Group, Title, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { CopyButton } from '../../../components/copy-button.js';
import { StatusBadge } from '../../../components/status-badge.js';
import { useEscape } from '../../../components/use-escape.js';
import { shortId } from '../run-names.js';
import type { Trace } from './trace.js';
import { useNeighbours } from './use-neighbours.js';

const route = getRouteApi('/shell/runs/$taskId');

/** Back to the part of the list that was on the screen. */
const TO_PLACE = { state: { returns: true }, resetScroll: false } as const;

/** The run's name, with links to the list and to the neighbouring runs in it. */
export function RunHeading({ taskId, trace }: { taskId: string; trace: Trace | undefined }) {
  const { item: _item, ...filters } = route.useSearch();
  const navigate = useNavigate();
  const { newer, older } = useNeighbours(taskId, filters);
  const open = (id: string | undefined) => {
    if (id) void navigate({ to: '/runs/$taskId', params: { taskId: id }, search: filters });
  };
  useHotkeys([
    ['J', () => open(older)],
    ['K', () => open(newer)],
  ]);
  useEscape(() => void navigate({ to: '/runs', search: filters, ...TO_PLACE }));
  return (
    <Group gap="xs">
      <Title order={1} style={{ whiteSpace: 'nowrap' }}>
        <Anchor
          inherit
          c="dimmed"
          fw={500}
          renderRoot={(props) => <Link to="/runs" search={filters} {...TO_PLACE} {...props} />}
        >
          Runs
        </Anchor>{' '}
        / {shortId(taskId)}
      </Title>
      {trace && <StatusBadge status={trace.status} />}
      <Group gap={2} wrap="nowrap">
        <CopyButton value={taskId} what="task id" />
        <Step label="Newer run (K)" to={newer} onOpen={open} Icon={IconChevronUp} />
        <Step label="Older run (J)" to={older} onOpen={open} Icon={IconChevronDown} />
      </Group>
    </Group>
  );
}

interface StepProps {
  label: string;
  to: string | undefined;
  onOpen: (id: string | undefined) => void;
  Icon: typeof IconChevronUp;
}

function Step({ label, to, onOpen, Icon }: StepProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        disabled={to === undefined}
        onClick={() => onOpen(to)}
      >
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
