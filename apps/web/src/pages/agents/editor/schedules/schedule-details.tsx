import { Stack, Text } from '@mantine/core';
import type { Schema } from '../../../../api/client.js';
import type { Schedule } from './schedule.js';
import { ScheduleFields } from './schedule-fields.js';
import { ScheduleRuns } from './schedule-runs.js';

interface ScheduleDetailsProps {
  agentId: string;
  schedule: Schedule;
  /** The JSON Pointer of the schedule in the agent. */
  at: string;
  /** Undefined for a schedule that is not saved as it is shown. */
  state: Schema<'ScheduleState'> | undefined;
  onChange: (schedule: Schedule, at: string) => void;
}

/** An opened schedule: its fields and its runs. */
export default function ScheduleDetails({ agentId, schedule, at, state, onChange }: ScheduleDetailsProps) {
  return (
    <Stack gap="sm" p="xs" pt="sm">
      <ScheduleFields schedule={schedule} at={at} onChange={onChange} />
      {state ? (
        <ScheduleRuns agentId={agentId} state={state} />
      ) : (
        <Text size="sm" c="dimmed">
          Its next runs are shown once it is saved.
        </Text>
      )}
    </Stack>
  );
}
