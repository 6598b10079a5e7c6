import { Badge } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleOff,
  IconCircleX,
  IconClock,
  IconPlayerPause,
  IconPlayerPlay,
  type Icon as TablerIcon,
} from '@tabler/icons-react';

/** For tasks, agents and deliveries. The word is always shown, so that colour is never the only cue. */
const LOOKS = {
  PENDING: { color: 'gray', Icon: IconCircleDashed },
  STARTED: { color: 'blue', Icon: IconPlayerPlay },
  SUCCESS: { color: 'green', Icon: IconCircleCheck },
  FAILURE: { color: 'red', Icon: IconCircleX },
  active: { color: 'green', Icon: IconCircleCheck },
  disabled: { color: 'gray', Icon: IconCircleOff },
  paused: { color: 'orange', Icon: IconPlayerPause },
  damaged: { color: 'red', Icon: IconAlertTriangle },
  pending: { color: 'blue', Icon: IconClock },
  delivered: { color: 'green', Icon: IconCircleCheck },
  failed: { color: 'red', Icon: IconCircleX },
  skipped: { color: 'gray', Icon: IconCircleOff },
} as const satisfies Record<string, { color: string; Icon: TablerIcon }>;

export type BadgeStatus = keyof typeof LOOKS;

const OF_AGENTS: ReadonlySet<BadgeStatus> = new Set(['active', 'disabled', 'paused', 'damaged']);

/** The badge of an agent: what keeps it from running comes first. */
export function statusOfAgent({ status, paused, problem }: AgentState): BadgeStatus {
  if (problem?.blocks_runs) return 'damaged';
  return paused ? 'paused' : status;
}

interface AgentState {
  status: 'active' | 'disabled';
  paused: object | null;
  problem?: { blocks_runs: boolean };
}

/** Width of a status that changes by itself, so that a change does not move its neighbours. In CSS pixels. */
const WIDTH = 102;

/** @param label the text, if it is more than the status, for example a failure code */
export function StatusBadge({ status, label = status }: { status: BadgeStatus; label?: string }) {
  const { color, Icon } = LOOKS[status];
  return (
    <Badge
      variant="light"
      color={color}
      radius="sm"
      tt="none"
      fw={600}
      flex="none"
      miw={OF_AGENTS.has(status) ? undefined : WIDTH}
      leftSection={<Icon size={13} stroke={2.25} aria-hidden />}
    >
      {label}
    </Badge>
  );
}
